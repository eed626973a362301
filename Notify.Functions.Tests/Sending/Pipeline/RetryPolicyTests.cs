using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sending.Pipeline;

public sealed class RetryPolicyTests
{
    [Fact]
    public void The_default_is_as_the_documentation_says()
    {
        var schedule = new RetryPolicy(Options.Create(new SendingOptions()));
        foreach (var (lane, priorities) in new[] { ("bulk", new[] { Priority.Normal, Priority.Low }),
            ("urgent", [Priority.Critical, Priority.High]) })
        {
            var row = RepositoryRoot.Read("docs", "queues.md").Split('\n')
                .Single(line => line.StartsWith($"| {lane}:", StringComparison.Ordinal)).Trim('|')
                .Split('|', StringSplitOptions.TrimEntries);
            foreach (var priority in priorities)
            {
                Assert.Equal(row[2..], Enumerable.Range(1, 5)
                    .Select(attempt => Words(schedule.PauseAfter(priority, attempt, retryAfter: null))));
                Assert.Null(schedule.PauseAfter(priority, 6, retryAfter: null));
            }
        }
    }

    [Fact]
    public void What_the_provider_asks_for_is_not_undercut_but_for_more_than_a_day()
    {
        var schedule = new RetryPolicy(Options.Create(new SendingOptions { RetryBulk = "00:00:10" }));

        Assert.Equal(TimeSpan.FromSeconds(10), schedule.PauseAfter(Priority.Normal, 1, TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromSeconds(11), schedule.PauseAfter(Priority.Normal, 1, TimeSpan.FromSeconds(11)));
        Assert.Equal(TimeSpan.FromDays(1), schedule.PauseAfter(Priority.Normal, 1, TimeSpan.FromDays(3)));
        Assert.Null(schedule.PauseAfter(Priority.Normal, 2, TimeSpan.FromSeconds(11)));
    }

    [Fact]
    public async Task A_schedule_of_the_settings_is_gone_through_and_an_empty_one_tries_once()
    {
        using var notify = new NotifyHarness(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Notify:Sending:RetryUrgent"] = "00:00:07, 00:01:00",
                ["Notify:Sending:RetryBulk"] = ","
            });
        await notify.AddRecipientAsync("user_1");
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("urgent")),
            notify.Record(TestEvents.Alert("bulk") with { Type = EventType.Transactional, Priority = Priority.Normal }));

        foreach (var (pause, attempts) in new[] { (0, 1), (7, 2), (60, 3), (3600, 3) })
        {
            notify.Clock.Advance(TimeSpan.FromSeconds(pause));
            await notify.RunQueuesAsync();
            Assert.Equal(attempts, (await notify.ReadOnlyDeliveryAsync("urgent")).Attempts);
        }
        Assert.Equal("failed", (await notify.ReadOnlyDeliveryAsync("urgent")).Status);
        Assert.Equal(("failed", 1), ((await notify.ReadOnlyDeliveryAsync("bulk")).Status,
            (await notify.ReadOnlyDeliveryAsync("bulk")).Attempts));
    }

    [Theory]
    [InlineData("10", "")]
    [InlineData("00:00:00", "")]
    [InlineData("1.00:00:01", "")]
    [InlineData("soon", "")]
    [InlineData("", "00:00:01,,x")]
    public void A_faulty_list_is_named(string bulk, string urgent)
    {
        // Ten without colons would be ten days.
        var options = new SendingOptions { RetryBulk = bulk, RetryUrgent = urgent };

        var faults = options.Validate(new ValidationContext(options)).Select(fault => fault.ErrorMessage).ToList();

        Assert.Contains(bulk.Length > 0 ? "RetryBulk" : "RetryUrgent", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static string Words(TimeSpan? pause) => pause switch
    {
        null => "–",
        { TotalHours: >= 1 } long_ => $"{long_.TotalHours} h",
        { TotalMinutes: >= 1 } some => $"{some.TotalMinutes} min",
        { } brief => $"{brief.TotalSeconds} s",
    };
}
