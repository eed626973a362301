namespace Notify.LocalHost.Hosting;

/// <summary>What the command line asks for.</summary>
public sealed record LocalHostOptions
{
    /// <summary>Where to listen on 127.0.0.1; 0 takes a free port.</summary>
    /// <value>Default 7071.</value>
    public int Port { get; init; } = 7071;

    /// <summary>The functions to load; <see langword="null"/> for all.</summary>
    public IReadOnlyList<string>? Functions { get; init; }

    /// <summary>Whether callers need a key, as in Azure.</summary>
    public bool EnableAuth { get; init; }

    /// <summary>A file of events to put on the topics; <see langword="null"/> for none.</summary>
    public string? Events { get; init; }

    /// <summary>Whether to end when the file's events are summed up.</summary>
    public bool Exit { get; init; }

    /// <summary>Whether only the help is asked for.</summary>
    public bool Help { get; init; }
}
