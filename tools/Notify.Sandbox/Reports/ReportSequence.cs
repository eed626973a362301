namespace Notify.Sandbox.Reports;

/// <summary>The reports of one message, made one after the other: the next one when the one before is acknowledged or given up.</summary>
internal sealed class ReportSequence(string provider, IReadOnlyList<Report> reports)
{
    private int _made;

    /// <summary>Whose they are.</summary>
    public string Provider => provider;

    /// <summary>The one to be made now.</summary>
    public Report Current => reports[_made];

    /// <summary>Goes on to the next, if there is one.</summary>
    public bool MoveOn() => ++_made < reports.Count;
}
