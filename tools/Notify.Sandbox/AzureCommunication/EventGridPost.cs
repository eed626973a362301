using System.Net.Http.Headers;
using System.Text;
using Notify.Sandbox.Common;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// A delivery of Event Grid with batching
/// (<see href="https://learn.microsoft.com/azure/event-grid/delivery-and-retry">delivery and retry</see>): a JSON array, unsigned; the
/// secret stands in the endpoint's query, as a subscription has it.
/// </summary>
internal sealed class EventGridPost(string provider, SandboxOptions options, CallbackAddress address, ReportSchedule schedule) : IReportPost
{
    /// <summary>The name in the route of the webhook, for email and text messages alike.</summary>
    private const string Webhook = "azure-communication";

    public string Provider => provider;

    public int MaxReports => options.BatchSize;

    public HttpRequestMessage? Write(ReportCall call)
    {
        if (address.Find(Webhook, schedule.Settings) is not { } url)
        {
            return null;
        }
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', call.Reports.Select(report => report.Content))}]");
        var request = new HttpRequestMessage(HttpMethod.Post, $"{url}?key={options.Credentials.AzureCommunicationWebhookKey}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("aeg-event-type", "Notification");
        request.Headers.Add("aeg-subscription-name", "SANDBOX");
        return request;
    }
}
