using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Reports;

namespace Notify.Functions.Functions.Http;

/// <summary>
/// <c>OPTIONS /api/webhooks/{provider}</c>: what a sender of CloudEvents asks before its first call (HTTP 1.1 Web Hooks for Event Delivery,
/// section 4). Only a provider whose reports carry a secret beside the body can ask it.
/// </summary>
public sealed class AllowWebhookFunction(IEnumerable<IWebhookProvider> providers, TimeProvider time)
{
    private const string OriginHeader = "WebHook-Request-Origin";

    /// <summary>
    /// 200 with leave to call, at any rate; 401 for who does not show the provider's secret, 400 for who does not say who asks, in ASCII.
    /// </summary>
    [Function("AllowWebhook")]
    public Task<IResult> AllowWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "webhooks/{provider}")] HttpRequest request, string provider) =>
        Task.FromResult(Answer(request, provider));

    private IResult Answer(HttpRequest request, string provider)
    {
        if (providers.FirstOrDefault(known => string.Equals(known.Name, provider, StringComparison.OrdinalIgnoreCase)) is not { } reader)
        {
            return ProblemResults.NotFound("No provider of this name sends reports here.");
        }
        if (reader.Verify(WebhookRequest.From(request, ReadOnlyMemory<byte>.Empty), time.GetUtcNow()) != WebhookVerdict.Valid)
        {
            return ProblemResults.NotGenuine("The secret is missing or does not match.");
        }
        // A DNS name (the specification of webhooks for CloudEvents, section 4.1.1); anything else could not be said back in a header.
        var origin = request.Headers[OriginHeader].ToString();
        if (Uri.CheckHostName(origin) is not UriHostNameType.Dns || !Ascii.IsValid(origin))
        {
            return Results.BadRequest();
        }
        request.HttpContext.Response.Headers["WebHook-Allowed-Origin"] = origin;
        request.HttpContext.Response.Headers["WebHook-Allowed-Rate"] = "*";
        return Results.Ok();
    }
}
