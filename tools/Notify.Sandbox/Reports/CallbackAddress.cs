using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Reports;

/// <summary>Where the webhooks of providers that know no address per message are called.</summary>
internal sealed class CallbackAddress(SandboxOptions options, IServiceProvider services)
{
    private const string WebhookPath = "/api/webhooks/";

    private volatile string? _learned;

    /// <summary>
    /// The webhook of a provider, or <see langword="null"/> as long as nobody has said where it is. In this order: what was put, what the
    /// options say, what a StatusCallback named, the host itself.
    /// </summary>
    public string? Find(string provider, ReportSettings settings) =>
        (settings.CallbackBase ?? options.CallbackBase ?? _learned ?? OwnAddress()) is { } found
            ? found.TrimEnd('/') + WebhookPath + provider
            : null;

    /// <summary>Takes the service's address from a StatusCallback, which points to the same service.</summary>
    public void LearnFrom(string statusCallback)
    {
        var path = statusCallback.IndexOf(WebhookPath, StringComparison.Ordinal);
        if (path > 0)
        {
            _learned = statusCallback[..path];
        }
    }

    private string? OwnAddress()
    {
        if (!options.HostServesWebhooks)
        {
            return null;
        }
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses.Select(a => Uri.TryCreate(Reachable(a), UriKind.Absolute, out var uri) ? uri : null)
            .FirstOrDefault(u => u is { Scheme: "http" })?.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>An address to listen on is not always one to call.</summary>
    private static string Reachable(string listening) => listening
        .Replace("//0.0.0.0:", "//localhost:", StringComparison.Ordinal)
        .Replace("//[::]:", "//localhost:", StringComparison.Ordinal)
        .Replace("//*:", "//localhost:", StringComparison.Ordinal)
        .Replace("//+:", "//localhost:", StringComparison.Ordinal);
}
