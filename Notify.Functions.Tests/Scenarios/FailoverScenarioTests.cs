using System.Net.Http.Json;
using Notify.Functions.Contract;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A provider that fails for half a minute, beside another one, for two processes.</summary>
[Trait("Category", "Slow")]
public sealed class FailoverScenarioTests(ITestOutputHelper output)
{
    private const int Deliveries = 1000;

    private static readonly Dictionary<string, string> TwoProviders = new(StringComparer.Ordinal)
    {
        ["Notify__Channels__sms__Providers"] = "twilio,acs-sms",
        // So that the run outlasts the failure.
        ["Notify__Channels__sms__RateLimit"] = "20",
    };

    [SkippableFact]
    public async Task A_provider_that_fails_for_half_a_minute_opens_its_circuit_once_and_the_next_one_takes_over_until_it_is_back()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        await Bulks.PublishAsync(world, "bulk", Priority.Normal, Channel.Sms, Deliveries);
        var hosts = await Task.WhenAll(world.StartHostAsync(more: TwoProviders), world.StartHostAsync(more: TwoProviders));
        await messages.WaitForAsync(Deliveries / 10);

        using (var fails = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative),
            new { provider = "twilio", mode = "error", durationMs = 30_000 }))
        {
            fails.EnsureSuccessStatusCode();
        }
        var statuses = await Bulks.FinalAsync(world, Deliveries);

        Assert.Equal($"sent {Deliveries}", Bulks.Text(statuses));
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
        var sent = await messages.ReadAsync();
        Assert.Equal(Deliveries, sent.Count);
        var elsewhere = sent.Index().Where(one => one.Item.Provider == "acs-sms").Select(one => one.Index).ToList();
        var opened = hosts.Sum(host => host.Output.Split('\n')
            .Count(line => line.Contains("The circuit of twilio (sms) has opened", StringComparison.Ordinal)));
        var closed = hosts.Sum(host => host.Output.Split('\n')
            .Count(line => line.Contains("The circuit of twilio (sms) is closed again", StringComparison.Ordinal)));
        output.WriteLine(
            $"{elsewhere.Count} went by the second provider, numbers {elsewhere.FirstOrDefault()} to {elsewhere.LastOrDefault()}; the "
                + $"circuit opened {opened} times and closed {closed} times");
        Assert.Equal((1, 1), (opened, closed));
        Assert.True(elsewhere.Count > Deliveries / 10, $"{elsewhere.Count}");

        // What was in hand when it came back may have ended there or here; what comes now goes to it.
        await Bulks.PublishAsync(world, "after", Priority.Normal, Channel.Sms, 1);
        await messages.WaitForAsync(Deliveries + 1);
        Assert.Equal("twilio", (await messages.ReadAsync()).Single(message => Bulks.IsOf(world, message, "after")).Provider);
    }
}
