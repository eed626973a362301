using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Functions.Tests.Harness;
using Notify.Sandbox;
using Notify.Sandbox.Common;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>A host with the sandbox inside, on a free port.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{

    private readonly WebApplication _app;
    private string? _accessToken;

    private SandboxHost(WebApplication app, SandboxOptions options)
    {
        _app = app;
        Options = options;
        Client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        Client.BaseAddress = new Uri(app.Urls.First());
        Settings = SandboxSettings.For(BaseUrl, options.Credentials, BaseUrl);
    }

    public SandboxOptions Options { get; }

    public HttpClient Client { get; }

    public string BaseUrl => Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>As a host would read them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>A key's value below <c>Notify:Providers</c>, such as <c>Twilio:From</c>.</summary>
    public string this[string key] => Settings["Notify:Providers:" + key];

    public static async Task<SandboxHost> StartAsync(
        Action<SandboxOptions>? configure = null, TimeProvider? clock = null, ILoggerProvider? log = null)
    {
        var options = new SandboxOptions
        {
            ReportInterval = TimeSpan.FromMilliseconds(1),
            BatchWindow = TimeSpan.FromMilliseconds(20),
            FirstRetryDelay = TimeSpan.FromMilliseconds(20),
        };
        configure?.Invoke(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSandbox(options);
        builder.Services.AddHttpClient("test");
        var app = builder.Build();
        app.MapSandbox();
        await app.StartAsync(CancellationToken.None);
        return new SandboxHost(app, options);
    }

    public Task<HttpResponseMessage> PutAsync(string path, string json) =>
        Client.PutAsync(new Uri(path, UriKind.Relative), Json(json), CancellationToken.None);

    public async Task SetFaultAsync(string json) => (await PutAsync("/sandbox/faults", json)).EnsureSuccessStatusCode();

    public async Task SetWebhooksAsync(string json) => (await PutAsync("/sandbox/webhooks", json)).EnsureSuccessStatusCode();

    public async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative), CancellationToken.None)).RootElement;

    public async Task<IReadOnlyList<JsonElement>> MessagesAsync(string query = "") =>
        [.. (await GetAsync("/sandbox/messages" + query)).EnumerateArray()];

    /// <summary>Asks until the webhooks' counters are as wanted.</summary>
    public async Task<JsonElement> WebhooksAsync(Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var state = await GetAsync("/sandbox/webhooks");
            if (wanted(state))
            {
                return state;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    public async Task<HttpResponseMessage> SendMailAsync(string json, string? apiKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, this["SendGrid:BaseAddress"] + "v3/mail/send") { Content = Json(json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey ?? this["SendGrid:ApiKey"]);
        return await Client.SendAsync(request, CancellationToken.None);
    }

    public async Task<HttpResponseMessage> SendSmsAsync(
        IEnumerable<KeyValuePair<string, string>> form, string? authToken = null, string? account = null)
    {
        account ??= this["Twilio:AccountSid"];
        using var request = new HttpRequestMessage(HttpMethod.Post, this["Twilio:BaseAddress"]
            + $"2010-04-01/Accounts/{account}/Messages.json")
        {
            Content = new FormUrlEncodedContent(form),
        };
        var credentials = $"{this["Twilio:AccountSid"]}:{authToken ?? this["Twilio:AuthToken"]}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return await Client.SendAsync(request, CancellationToken.None);
    }

    public async Task<HttpResponseMessage> SendPushAsync(
        string json, string? accessToken = null, string? project = null, CancellationToken cancellation = default)
    {
        accessToken ??= _accessToken ??= await ServiceAccount.AccessTokenAsync(this);
        var path = $"v1/projects/{project ?? this["Fcm:ProjectId"]}/messages:send";
        using var request = new HttpRequestMessage(HttpMethod.Post, this["Fcm:BaseAddress"] + path) { Content = Json(json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await Client.SendAsync(request, cancellation);
    }

    /// <summary>Sends a request to Azure Communication Services, signed.</summary>
    public async Task<HttpResponseMessage> SendAcsAsync(
        string path, string json, string? operationId = null, string? accessKey = null, DateTimeOffset? signedAt = null)
    {
        var address = new Uri(this["AzureCommunication:BaseAddress"] + path);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Json(json) };
        var date = (signedAt ?? TimeProvider.System.GetUtcNow()).ToString("r", CultureInfo.InvariantCulture);
        var (hash, authorization) = PublishedSignatures.AzureCommunication(
            accessKey ?? this["AzureCommunication:AccessKey"], "POST", address.PathAndQuery, date, address.Authority,
            Encoding.UTF8.GetBytes(json));
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-content-sha256", hash);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (operationId is not null)
        {
            request.Headers.Add("Operation-Id", operationId);
        }
        return await Client.SendAsync(request, CancellationToken.None);
    }

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
