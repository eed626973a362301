using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Hosting;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>The local host with the whole app, embedded backends and the sandbox, in this process on a free port.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    private AppHost(LocalHostApp app, TestLog log) => (App, Log, Http) = (app, log, new HttpClient { BaseAddress = app.BaseAddress });

    public LocalHostApp App { get; }

    public TestLog Log { get; }

    public HttpClient Http { get; }

    public static async Task<AppHost> StartAsync(Action<LocalHostSetup>? configure = null, params string[] args)
    {
        var log = new TestLog();
        var app = await LocalHostApp.BuildAsync(["--port", "0", .. args], setup =>
        {
            setup.ReadsMachineSettings = false;
            setup.Output = TextWriter.Null;
            setup.HostJsonPath = Path.Combine(RepositoryRoot.Path, "host.json");
            setup.ConfigureServices = services => services.AddSingleton<ILoggerProvider>(log);
            configure?.Invoke(setup);
        });
        await app.StartAsync();
        return new AppHost(app, log);
    }

    /// <summary>
    /// Takes every provider's limit away, for tests that are not about them: the samples' text messages alone take a minute at their 20 a
    /// second.
    /// </summary>
    public static void WithoutLimits(LocalHostSetup setup)
    {
        foreach (var channel in ContractNames.Channels)
        {
            setup.Settings[$"Notify:Channels:{channel.Name()}:RateLimit"] = "0";
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, string type = "application/json") =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, type));

    /// <summary>Posts an event and returns its id.</summary>
    public async Task<string> NotifyAsync(string json)
    {
        using var answer = await PostAsync("/api/notify", json);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        Assert.Equal("/api/notifications/" + id, answer.Headers.Location!.ToString());
        return id;
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>The event, once it is as the test waits for it.</summary>
    public async Task<JsonElement> WaitForAsync(string path, Func<JsonElement, bool> isThere)
    {
        var (_, view) = await Patience.UntilAsync(
            async () =>
            {
                using var answer = await Http.GetAsync(path);
                return (IsThere: answer.IsSuccessStatusCode, View: await answer.Content.ReadFromJsonAsync<JsonElement>());
            },
            seen => seen.IsThere && isThere(seen.View));
        return view;
    }

    /// <summary>The event, once all its deliveries have this status.</summary>
    public Task<JsonElement> WaitForStatusAsync(string id, string status) =>
        WaitForAsync("/api/notifications/" + id, view => Deliveries(view) is { Count: > 0 } all
            && all.All(one => one.GetProperty("status").GetString() == status));

    public static IReadOnlyList<JsonElement> Deliveries(JsonElement view) => [.. view.GetProperty("deliveries").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
