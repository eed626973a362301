using Notify.Sandbox.Messages;
using Notify.Sandbox.Reports;
using Notify.Sandbox.Statistics;

namespace Notify.Sandbox.Gate;

/// <summary>What happens when a provider takes a request: the messages are kept, counted, and reported on later.</summary>
internal sealed class Acceptance(MessageStore store, SandboxStatistics statistics, ReportSchedule reports)
{
    /// <summary>Takes the messages of one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="provider">Whose it is.</param>
    /// <param name="messages">One a recipient.</param>
    /// <param name="reported">For each message that is reported on, its reports in the order in which they happen.</param>
    public void Accept(
        ProviderRequest request, string provider, IReadOnlyList<MessageDraft> messages, IEnumerable<IReadOnlyList<Report>> reported)
    {
        store.Add(messages);
        statistics.Accepted(provider, messages.Count);
        request.Accepted = true;
        foreach (var happening in reported)
        {
            reports.Begin(provider, happening);
        }
    }
}
