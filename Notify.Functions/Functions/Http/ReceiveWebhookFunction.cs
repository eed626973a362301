using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Reports;

namespace Notify.Functions.Functions.Http;

/// <summary><c>POST /api/webhooks/{provider}</c>: the providers' reports.</summary>
public sealed partial class ReceiveWebhookFunction(
    IEnumerable<IWebhookProvider> providers, AttemptLookup attempts, ReportRecorder recorder, ReportedAddressSuppressor suppressions,
    ReportedChoices choices, TimeProvider time, ILogger<ReceiveWebhookFunction> logger)
{
    // SendGrid's largest posts stay below 1 MiB.
    private const int BodyLimit = 1024 * 1024;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>
    /// 204 once the facts are in the ledger, or 200 with what the provider wants to read back; 401 for a call that the provider did not
    /// write, or wrote long ago; 503 where our storage is away, so that the provider calls again.
    /// </summary>
    [Function("ReceiveWebhook")]
    public async Task<IResult> ReceiveWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/{provider}")] HttpRequest request, string provider,
        CancellationToken cancellationToken)
    {
        if (providers.FirstOrDefault(known => string.Equals(known.Name, provider, StringComparison.OrdinalIgnoreCase)) is not { } reader)
        {
            return ProblemResults.NotFound("No provider of this name sends reports here.");
        }
        var body = await RequestBody.ReadAsync(request, BodyLimit, cancellationToken);
        if (body is null)
        {
            return ProblemResults.TooLarge(BodyLimit);
        }
        var call = WebhookRequest.From(request, body);
        var now = time.GetUtcNow();
        var verdict = reader.Verify(call, now);
        if (verdict != WebhookVerdict.Valid)
        {
            Refused(reader.Name, verdict);
            return ProblemResults.NotGenuine(verdict switch
            {
                WebhookVerdict.Missing => "The signature is missing.",
                WebhookVerdict.Stale => "The signature is too old.",
                _ => "The signature does not match.",
            });
        }
        var content = reader.Parse(call, now);
        if (content.Ignored > 0)
        {
            Ignored(reader.Name, content.Ignored);
        }
        try
        {
            var reports = await attempts.NameAsync(content.Reports, cancellationToken);
            await recorder.MergeAsync(reader.Name, reports, cancellationToken);
            await suppressions.SuppressAsync(reader.Name, reports, cancellationToken);
            await choices.ChooseAsync(reader.Name, reports, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && TransientFaults.IsFault(fault))
        {
            NotRecorded(reader.Name, content.Reports.Count, fault.GetType().Name);
            return ProblemResults.Unavailable(request.HttpContext.Response, "The reports could not be recorded. Send them again.",
                AskAgainAfter);
        }
        return content.Answer is { } answer ? Results.Text(answer, "application/json") : Results.NoContent();
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "A webhook call in the name of {provider} was refused: {verdict}")]
    private partial void Refused(string provider, WebhookVerdict verdict);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Debug, Message = "{provider}: {count} reports say nothing new or were not understood")]
    private partial void Ignored(string provider, int count);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning,
        Message = "{provider}: {count} reports could not be recorded ({fault}); the provider will send them again")]
    private partial void NotRecorded(string provider, int count, string fault);
}
