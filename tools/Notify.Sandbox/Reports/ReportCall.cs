namespace Notify.Sandbox.Reports;

/// <summary>One HTTP request with the current reports of some messages.</summary>
internal sealed class ReportCall(IReadOnlyList<ReportSequence> sequences, DateTimeOffset first)
{
    /// <summary>Whose reports they are; a call is one provider's.</summary>
    public string Provider { get; } = sequences[0].Provider;

    /// <summary>The messages that are reported on.</summary>
    public IReadOnlyList<ReportSequence> Sequences => sequences;

    /// <summary>What is said.</summary>
    public IReadOnlyList<Report> Reports { get; } = [.. sequences.Select(s => s.Current)];

    /// <summary>The same on every try, as providers that have such a name do it.</summary>
    public Guid Id { get; } = Guid.CreateVersion7(first);

    /// <summary>When it was first due.</summary>
    public DateTimeOffset First => first;

    /// <summary>How often it has been made.</summary>
    public int Tries { get; set; }
}
