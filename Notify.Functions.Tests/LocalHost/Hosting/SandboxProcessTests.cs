using System.Net.Http.Json;
using System.Text.Json;
using Notify.Bench.World;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.LocalHost.Hosting;

/// <summary>The sandbox in a process of its own: alone, and as the host's child.</summary>
public sealed class SandboxProcessTests
{
    private static readonly Uri Notify = new("api/notify", UriKind.Relative);
    private static readonly Uri Messages = new("sandbox/messages", UriKind.Relative);

    [Fact]
    public async Task Alone_it_says_where_it_is_serves_its_settings_and_ends_with_0_when_it_is_asked_to()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        await using var sandbox = await HostProcess.StartAsync(["--sandbox-only", "--port", "0", "--callback", "http://localhost:1"]);

        var settings = await sandbox.Http.GetFromJsonAsync<Dictionary<string, string>>(new Uri("sandbox/settings", UriKind.Relative));

        Assert.Equal("http://localhost:1", settings!["Notify:PublicBaseUrl"]);
        Assert.Equal(0, await sandbox.StopAsync());
    }

    [Fact]
    public async Task As_a_child_it_reports_to_the_host_and_ends_with_it_when_it_is_killed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        await using var host = await HostProcess.StartAsync(["--port", "0", "--sandbox", "own"]);
        var line = host.Output.Split('\n').Single(text => text.Contains("Providers", StringComparison.Ordinal));
        var address = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim());

        using var accepted = await host.Http.PostAsJsonAsync(Notify, new
        {
            type = "alert",
            priority = "critical",
            recipients = new[] { "user_1" },
            channels = new[] { "email", "sms" },
            payload = new { message = "Test" },
        });

        await Posted.AssertDeliveredAsync(2, host.Http, accepted);
        using var sandbox = new HttpClient { BaseAddress = address };
        Assert.Equal(2, (await sandbox.GetFromJsonAsync<JsonElement>(Messages)).GetArrayLength());
        await host.KillAsync();
        await EndsAsync(sandbox);
    }

    private static Task EndsAsync(HttpClient sandbox) => Patience.UntilAsync(
        async () =>
        {
            try
            {
                using var answer = await sandbox.GetAsync(Messages);
                return false;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        },
        () => "The sandbox has outlived its host.");
}
