using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Tests.Harness;
using Notify.Sandbox;
using Notify.Sandbox.Common;

namespace Notify.Functions.Tests.Sandbox;

public class SandboxProcessTests
{
    [Fact]
    public void Settings_point_every_provider_at_the_sandbox()
    {
        var settings = SandboxSettings.For("http://localhost:7071/");

        Assert.Equal("http://localhost:7071/sandbox/fcm/", settings["Notify:Providers:Fcm:BaseAddress"]);
        Assert.Equal("http://localhost:7071/sandbox/sendgrid/", settings["Notify:Providers:SendGrid:BaseAddress"]);
        Assert.Equal("http://localhost:7071/sandbox/twilio/", settings["Notify:Providers:Twilio:BaseAddress"]);
        Assert.Equal("http://localhost:7071/sandbox/azure-communication/", settings["Notify:Providers:AzureCommunication:BaseAddress"]);
        Assert.Equal("http://localhost:7071", settings["Notify:PublicBaseUrl"]);
        var account = JsonDocument.Parse(settings["Notify:Providers:Fcm:Credentials"]).RootElement;
        Assert.Equal("http://localhost:7071/sandbox/fcm/token", account.GetProperty("token_uri").GetString());
        Assert.Equal("service_account", account.GetProperty("type").GetString());
        Assert.Equal(18, settings.Count);
    }

    [Fact]
    public async Task A_sandbox_of_its_own_serves_its_settings_and_leaves_the_public_address_to_the_host()
    {
        await using var app = SandboxApp.Build(new SandboxOptions { Port = 0, Credentials = SandboxCredentials.Generate() });
        await app.StartAsync(CancellationToken.None);
        var baseUrl = app.Urls.First();
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(
            await client.GetStringAsync(new Uri(baseUrl + "/sandbox/settings"), CancellationToken.None))!;

        Assert.Equal(baseUrl + "/sandbox/twilio/", settings["Notify:Providers:Twilio:BaseAddress"]);
        Assert.NotEqual(SandboxCredentials.OfThisProcess.TwilioAuthToken, settings["Notify:Providers:Twilio:AuthToken"]);
        Assert.DoesNotContain("Notify:PublicBaseUrl", settings.Keys);
    }

    [Fact]
    public async Task A_sandbox_of_its_own_ends_when_it_is_asked_to()
    {
        await using var other = await SandboxHost.StartAsync();
        using var stop = new CancellationTokenSource(Patience.Limit);
        var port = FreePort();

        var run = SandboxApp.RunAsync(new SandboxOptions { Port = port }, stop.Token);
        await AnswersAsync(other.Client, new Uri($"http://localhost:{port}/sandbox/stats"));
        await stop.CancelAsync();

        await run.WaitAsync(Patience.Limit, TimeProvider.System, CancellationToken.None);
    }

    private static Task AnswersAsync(HttpClient client, Uri uri) => Patience.UntilAsync(async () =>
    {
        try
        {
            using var answer = await client.GetAsync(uri, CancellationToken.None);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
