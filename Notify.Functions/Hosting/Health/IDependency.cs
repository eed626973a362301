namespace Notify.Functions.Hosting.Health;

/// <summary>Something that the service needs, and how to find out whether it is there.</summary>
public interface IDependency
{
    /// <summary>Its name, as health tells it.</summary>
    string Name { get; }

    /// <summary>Whether nothing works without it; without another the service is slower, not wrong.</summary>
    bool IsRequired { get; }

    /// <summary>Asks it for something small. Throws what the backend throws.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
