using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.LocalHost.Tools.EventsFile;
using Notify.Sandbox.Reports;

namespace Notify.Functions.Tests.Scenarios;

public sealed class SampleScenarioTests
{
    /// <summary>The samples with every provider up.</summary>
    private static readonly Lazy<Task<EventsSummary>> Healthy = new(async () =>
    {
        await using var host = await AppHost.StartAsync(AppHost.WithoutLimits);
        return await RunAsync(host);
    });

    [Fact]
    public async Task A_thousand_events_give_the_numbers_that_their_readme_states()
    {
        SampleExpectations.Read().Hold(await Healthy.Value);
    }

    [Theory]
    [InlineData("twilio", Channel.Sms)]
    [InlineData("sendgrid", Channel.Email)]
    public async Task One_provider_that_is_down_changes_no_other_channel_s_numbers(string provider, Channel down)
    {
        var expected = await Healthy.Value;
        await using var host = await AppHost.StartAsync(AppHost.WithoutLimits);
        // Every request is refused for good, so that the channel comes to an end too.
        using var fault = await host.Http.PutAsJsonAsync("/sandbox/faults", new { provider, mode = "reject" });
        fault.EnsureSuccessStatusCode();

        var summary = await RunAsync(host);

        foreach (var channel in ContractNames.Channels.Where(channel => channel != down))
        {
            Assert.Equal(Row(expected, channel), Row(summary, channel));
        }
        Assert.Equal(0, summary.Count(down.Name(), "delivered"));
        Assert.NotEqual(0, summary.Count(down.Name(), "failed"));
        Assert.Equal(Row(expected, down).Values.Sum(), Row(summary, down).Values.Sum());
    }

    private static Dictionary<string, int> Row(EventsSummary summary, Channel channel) =>
        new[] { "sent", "delivered", "failed", "bounced", "batched", "suppressed", "expired" }.ToDictionary(status => status, status =>
            summary.Count(channel.Name(), status), StringComparer.Ordinal);

    private static Task<EventsSummary> RunAsync(AppHost host)
    {
        var run = host.App.Services.GetRequiredService<EventsRun>();
        run.PendingReports = _ => Task.FromResult(host.App.Services.GetRequiredService<ReportCounts>().Pending);
        return run.RunAsync(Path.Combine(SampleExpectations.Folder, "events.jsonl"), TextWriter.Null, CancellationToken.None);
    }
}
