using System.Net.Http.Json;
using System.Text.Json;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost.Hosting;

/// <summary>A provider sandbox in another process, reached over HTTP.</summary>
internal sealed class OuterSandbox : ProviderSandbox
{
    private const string PublicBaseUrl = "Notify:PublicBaseUrl";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private static readonly Uri SettingsPath = new("sandbox/settings", UriKind.Relative);
    private static readonly Uri WebhooksPath = new("sandbox/webhooks", UriKind.Relative);
    private readonly HttpClient _http;
    private readonly SandboxProcess? _process;
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);

    private OuterSandbox(Uri address, SandboxProcess? process)
    {
        // A machine's proxy has no business between two local processes.
#pragma warning disable RS0030 // There are no services yet that a factory could come from: their settings are what is fetched.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = Limit };
#pragma warning restore RS0030
        _process = process;
    }

    public override string Description =>
        $"sandboxed, {(_process is null ? "at" : "in a process of its own at")} {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}";

    public override IEnumerable<KeyValuePair<string, string?>> Settings => _settings;

    /// <summary>Takes the settings of a sandbox that runs.</summary>
    /// <param name="address">Where it runs.</param>
    /// <param name="ownAddress">Where this host will listen.</param>
    /// <param name="servesWebhooks">Whether this host takes the reports, which the sandbox is told; otherwise another host does.</param>
    /// <param name="process">Its process where that is ours, ended with the sandbox.</param>
    /// <param name="patience">For how long it may not listen yet: hosts and sandbox are often started together.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StartupException">There is none.</exception>
    public static async Task<OuterSandbox> ConnectAsync(
        Uri address, Uri ownAddress, bool servesWebhooks, SandboxProcess? process, TimeSpan patience, CancellationToken cancellationToken)
    {
        var sandbox = new OuterSandbox(new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), process);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    await sandbox.ReadAsync(ownAddress.GetLeftPart(UriPartial.Authority), servesWebhooks, cancellationToken);
                    return sandbox;
                }
                catch (HttpRequestException fault)
                    when (fault.HttpRequestError == HttpRequestError.ConnectionError
                        && TimeProvider.System.GetElapsedTime(began) < patience)
                {
                    await Task.Delay(Again, TimeProvider.System, cancellationToken);
                }
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            await sandbox.DisposeAsync();
            throw new StartupException(
                $"No provider sandbox answers at {address.GetLeftPart(UriPartial.Authority)} (--sandbox): start one with --sandbox-only, "
                    + $"or let --sandbox own start it.", fault);
        }
    }

    public override async Task<long> PendingReportsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            return (await _http.GetFromJsonAsync<JsonElement>(WebhooksPath, cancellationToken)).GetProperty("pending").GetInt64();
        }
        catch (HttpRequestException)
        {
            // Gone, and its reports with it.
            return 0;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Busy: it is asked again.
            return 1;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    /// <summary>A host that serves no webhooks sends providers to the one that does.</summary>
    private async Task ReadAsync(string ownAddress, bool servesWebhooks, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in await _http.GetFromJsonAsync<Dictionary<string, string?>>(SettingsPath, cancellationToken) ?? [])
        {
            _settings[name] = value;
        }
        _settings[PublicBaseUrl] = ownAddress;
        if (servesWebhooks)
        {
            using var told = await _http.PutAsJsonAsync(WebhooksPath, new { callbackBase = ownAddress }, cancellationToken);
            told.EnsureSuccessStatusCode();
        }
        else if ((await _http.GetFromJsonAsync<JsonElement>(WebhooksPath, cancellationToken)).GetProperty("callbackBase")
            .GetString() is { } other)
        {
            _settings[PublicBaseUrl] = other;
        }
    }
}
