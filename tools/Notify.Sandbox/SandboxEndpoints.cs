using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Notify.Sandbox.AzureCommunication;
using Notify.Sandbox.Common;
using Notify.Sandbox.Control;
using Notify.Sandbox.Fcm;
using Notify.Sandbox.Gate;
using Notify.Sandbox.SendGrid;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox;

/// <summary>The sandbox's paths, all below <c>/sandbox</c>.</summary>
internal static class SandboxEndpoints
{
    internal const string Root = "/sandbox";

    /// <summary>Maps the providers' endpoints, and those by which the sandbox is read and steered.</summary>
    public static IEndpointRouteBuilder MapSandbox(this IEndpointRouteBuilder endpoints)
    {
        var sandbox = endpoints.MapGroup(Root);
        MapProviders(sandbox, endpoints.ServiceProvider);
        MessageEndpoints.Map(sandbox);
        FaultEndpoints.Map(sandbox);
        StatisticsEndpoints.Map(sandbox);
        ReportEndpoints.Map(sandbox);
        sandbox.MapGet("/settings", Settings);
        return endpoints;
    }

    private static void MapProviders(RouteGroupBuilder sandbox, IServiceProvider services)
    {
        var gate = services.GetRequiredService<ProviderGate>();
        sandbox.MapPost("/fcm/token", gate.For(services.GetRequiredService<FcmToken>()));
        sandbox.MapPost($"/fcm/v1/projects/{{{FcmSend.Project}}}/messages:send", gate.For(services.GetRequiredService<FcmSend>()));
        sandbox.MapPost("/sendgrid/v3/mail/send", gate.For(services.GetRequiredService<SendGridSend>()));
        sandbox.MapPost(
            $"/twilio/{TwilioMessageResource.ApiVersion}/Accounts/{{{TwilioSend.Account}}}/Messages.json",
            gate.For(services.GetRequiredService<TwilioSend>()));
        sandbox.MapPost("/azure-communication/emails:send", gate.For(services.GetRequiredService<AcsEmailSend>()));
        sandbox.MapPost("/azure-communication/sms", gate.For(services.GetRequiredService<AcsSmsSend>()));
    }

    /// <summary>
    /// The settings of a host that uses this sandbox from another process. <c>Notify:PublicBaseUrl</c> is the host's own affair and is
    /// there only where the sandbox knows it.
    /// </summary>
    private static IResult Settings(HttpRequest request, SandboxOptions options) => TypedResults.Json(
        SandboxSettings.For($"{request.Scheme}://{request.Host}{request.PathBase}", options.Credentials, options.CallbackBase),
        SandboxJson.Options);
}
