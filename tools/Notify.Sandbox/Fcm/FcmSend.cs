using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;
using Notify.Sandbox.Messages;

namespace Notify.Sandbox.Fcm;

/// <summary>
/// <c>POST /sandbox/fcm/v1/projects/{project}/messages:send</c>
/// (<see href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send">projects.messages.send</see>).
/// </summary>
internal sealed class FcmSend(SandboxOptions options, FcmAccessTokens tokens, Acceptance acceptance, TimeProvider clock) : IProviderDialect
{
    /// <summary>The name of the path's part that holds the project.</summary>
    public const string Project = "project";

    /// <summary>How a registration token that fails begins, and the HTTP status that it fails with.</summary>
    public static IReadOnlyDictionary<string, int> MagicTokens { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["unregistered"] = StatusCodes.Status404NotFound,
        ["invalid"] = StatusCodes.Status400BadRequest,
        ["mismatch"] = StatusCodes.Status403Forbidden,
        ["thirdparty"] = StatusCodes.Status401Unauthorized,
        ["quota"] = StatusCodes.Status429TooManyRequests,
        ["internal"] = StatusCodes.Status500InternalServerError,
        ["unavailable"] = StatusCodes.Status503ServiceUnavailable,
    };

    public string Name => ProviderNames.Fcm;

    public int MaxBodyBytes => 1024 * 1024;

    public ProviderAnswer Answer(ProviderRequest request)
    {
        if (Bearer(request.Http) is not { } token)
        {
            return FcmErrors.Unauthenticated(missing: true);
        }
        if (!tokens.IsGood(token))
        {
            return FcmErrors.Unauthenticated(missing: false);
        }
        if (request.Route(Project) != options.Credentials.FcmProjectId)
        {
            return FcmErrors.Forbidden(request.Route(Project));
        }
        var (message, refusal) = FcmMessageReader.Read(request.Body);
        if (message is null || (refusal = FcmRules.Refusal(message)) is not null)
        {
            return refusal!;
        }
        return Judge(request, message);
    }

    public ProviderAnswer TooLarge() => FcmErrors.BadField("", "Request payload size exceeds the limit: 1048576 bytes.");

    public ProviderAnswer Error(int status) => FcmErrors.ForStatus(status);

    public ProviderAnswer RateLimited(TimeSpan retryAfter) => FcmErrors.QuotaExceeded(retryAfter);

    public ProviderAnswer Rejected(int? status) => FcmErrors.ForStatus(status ?? StatusCodes.Status400BadRequest);

    private ProviderAnswer Judge(ProviderRequest request, FcmMessage message)
    {
        var to = message.Text("token")
            ?? (message.Text("topic") is { } topic ? "topic:" + topic : "condition:" + message.Text("condition"));
        if (message.Text("token") is not null && Magic(to) is { } status)
        {
            return status == StatusCodes.Status429TooManyRequests
                ? FcmErrors.DeviceQuotaExceeded().WithRetryAfter(TimeSpan.FromMinutes(1)) : FcmErrors.ForStatus(status);
        }
        if (request.Bounces)
        {
            // FCM sends no reports: an address that is gone is known at once.
            return FcmErrors.Unregistered();
        }
        var project = $"projects/{options.Credentials.FcmProjectId}/messages/";
        if (message.ValidateOnly)
        {
            return FcmErrors.Accepted(project + "fake_message_id");
        }
        var name = project + NewMessageId();
        acceptance.Accept(request, Name, [Draft(message, to, name)], []);
        return FcmErrors.Accepted(name);
    }

    private static MessageDraft Draft(FcmMessage message, string to, string name) => new("push", ProviderNames.Fcm, to, name)
    {
        Subject = message.Text("notification.title"),
        Body = message.Text("notification.body"),
        AttemptId = AttemptIds.Find(message.Data),
    };

    private static int? Magic(string token) =>
        MagicTokens.FirstOrDefault(m => token.StartsWith(m.Key, StringComparison.Ordinal)) is { Key: not null } magic ? magic.Value : null;

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header[7..] : null;

    /// <summary>In the form of the real ones: <c>0:1500415314455276%31bd1c9631bd1c96</c>.</summary>
    private string NewMessageId() => string.Create(CultureInfo.InvariantCulture,
        $"0:{clock.GetUtcNow().ToUnixTimeMilliseconds()}{RandomNumberGenerator.GetInt32(1000):D3}"
        + $"%{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
}
