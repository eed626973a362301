using System.Net.Http.Json;
using System.Net.Sockets;
using Notify.Bench.World;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A host that starts its backends itself.</summary>
[Trait("Category", "Slow")]
public sealed class RealUpTests
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Uses_backends_of_its_own_and_leaves_none_behind(bool killed)
    {
        await RealBackends.OrSkipAsync(() => BackendProcesses.Missing() is [var missing, ..]
            ? throw new BackendMissingException(missing) : Task.FromResult(true));
        await using var host = await HostProcess.StartAsync(["--up", "--demo", "--port", "0"]);
        var backends = new[] { "Kafka", "Redis", "Storage" }.Select(name => AddressOf(host, name)).ToList();
        using var accepted = await host.Http.PostAsJsonAsync(new Uri("api/notify", UriKind.Relative), new
        {
            type = "alert",
            priority = "critical",
            recipients = new[] { "user_1" },
            channels = new[] { "email", "sms" },
            payload = new { message = "Test" },
        });
        await Posted.AssertDeliveredAsync(2, host.Http, accepted);
        Assert.All(await Task.WhenAll(backends.Select(AnswersAsync)), Assert.True);

        if (killed)
        {
            await host.KillAsync();
        }
        else
        {
            var code = await host.StopAsync();
            Assert.True(code == 0, $"It ended with {code}: {host.Output}");
        }

        await Patience.UntilAsync(() => Task.WhenAll(backends.Select(AnswersAsync)), answer => !answer.Contains(true));
    }

    private static Uri AddressOf(HostProcess host, string backend)
    {
        var line = host.Output.Split(Environment.NewLine).Select(text => text.Trim())
            .Single(text => text.StartsWith(backend + " ", StringComparison.Ordinal));
        var address = line[backend.Length..].Trim();
        return new Uri(address.Contains("://", StringComparison.Ordinal) ? address : "tcp://" + address);
    }

    private static async Task<bool> AnswersAsync(Uri address)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
