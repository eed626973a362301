using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// Who may send: whoever signs the request with the resource's access key
/// (<see href="https://learn.microsoft.com/azure/azure-communication-services/tutorials/hmac-header-tutorial">HMAC headers</see>), and not
/// long ago.
/// </summary>
internal sealed class AcsAccess(SandboxOptions options, TimeProvider clock)
{
    private const string Scheme = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=";

    /// <summary>How far the signed time may be from now. The real limit is not documented; this is Azure Storage's.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    /// <summary>The refusal that a request earns, if any.</summary>
    public ProviderAnswer? Refusal(ProviderRequest request)
    {
        var headers = request.Http.Headers;
        var date = headers["x-ms-date"].ToString();
        var hash = Convert.ToBase64String(SHA256.HashData(request.Body.Span));
        if (headers["x-ms-content-sha256"] != hash)
        {
            return AcsErrors.Unauthorized();
        }
        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var signedAt)
            || (clock.GetUtcNow() - signedAt).Duration() > Tolerance)
        {
            return AcsErrors.Unauthorized();
        }
        var target = request.Http.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var signature = HMACSHA256.HashData(
            Convert.FromBase64String(options.Credentials.AzureCommunicationAccessKey),
            Encoding.UTF8.GetBytes($"{request.Http.Method}\n{target}\n{date};{request.Http.Host.Value};{hash}"));
        return SandboxCredentials.Same(Scheme + Convert.ToBase64String(signature), headers.Authorization) ? null : AcsErrors.Unauthorized();
    }
}
