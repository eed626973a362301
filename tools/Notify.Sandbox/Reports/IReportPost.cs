namespace Notify.Sandbox.Reports;

/// <summary>Writes a provider's webhook requests.</summary>
internal interface IReportPost
{
    /// <summary>Whose they are.</summary>
    string Provider { get; }

    /// <summary>How many reports a request carries at most.</summary>
    int MaxReports { get; }

    /// <summary>The signed request, or <see langword="null"/> as long as nobody has said where it goes.</summary>
    HttpRequestMessage? Write(ReportCall call);
}
