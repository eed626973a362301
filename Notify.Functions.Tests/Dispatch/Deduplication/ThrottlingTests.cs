using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Dispatch.Deduplication;

public sealed class ThrottlingTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_recipient_gets_as_much_of_a_category_as_its_throttle_allows_and_the_rest_says_so()
    {
        using var notify = await StartAsync();

        await notify.DispatchAsync([.. Enumerable.Range(0, 5).Select(n => notify.Record(Comment(n)))]);
        await notify.DispatchAsync(notify.Record(Comment(5)), notify.Record(Comment(6) with { Recipients = ["user_2"] }),
            notify.Record(Comment(7) with { Category = "orders" }));

        Assert.Equal(["send", "send", "throttled", "throttled", "throttled", "throttled", "send", "send"], await ReasonsAsync(notify, 8));
    }

    [Fact]
    public async Task The_window_slides()
    {
        using var notify = await StartAsync();
        await notify.DispatchAsync(notify.Record(Comment(0)));
        notify.Clock.Advance(Window * 0.6);
        await notify.DispatchAsync(notify.Record(Comment(1)), notify.Record(Comment(2)));
        notify.Clock.Advance(Window * 0.6);

        await notify.DispatchAsync(notify.Record(Comment(3)), notify.Record(Comment(4)));

        Assert.Equal(["send", "send", "throttled", "send", "throttled"], await ReasonsAsync(notify, 5));
    }

    [Fact]
    public async Task Critical_ones_pass_and_take_no_place()
    {
        using var notify = await StartAsync();

        await notify.DispatchAsync([.. Enumerable.Range(0, 4)
            .Select(n => notify.Record(Comment(n) with { Priority = Priority.Critical }))]);
        await notify.DispatchAsync([.. Enumerable.Range(4, 3).Select(n => notify.Record(Comment(n)))]);

        Assert.Equal(["send", "send", "send", "send", "send", "send", "throttled"], await ReasonsAsync(notify, 7));
    }

    [Fact]
    public async Task An_event_takes_one_place_whatever_its_channels_and_however_often_it_is_brought()
    {
        using var notify = await StartAsync();
        var first = Comment(0) with { Channels = [Channel.Push, Channel.Sms], DeduplicationKey = "once" };

        await notify.DispatchAsync(notify.Record(first), notify.Record(first));
        await notify.DispatchAsync(notify.Record(first));
        await notify.DispatchAsync(notify.Record(first with { Id = "c1" }));
        await notify.DispatchAsync(notify.Record(Comment(2)), notify.Record(Comment(3)));

        Assert.Equal(["send", "send", "send", "throttled"], await ReasonsAsync(notify, 0, 2, 3));
    }

    [Fact]
    public async Task What_was_decided_stands_when_it_is_dispatched_again()
    {
        var clock = new ManualClock();
        var backends = new InMemoryBackends(clock);
        // Without marks, so that everything comes down to the ledger.
        var cache = new ForgetfulCache(backends.DedupCache);
        using var notify = await StartAsync(backends, clock, cache);
        var records = Enumerable.Range(0, 3).Select(n => notify.Record(Comment(n))).ToArray();
        await notify.DispatchAsync(records);
        clock.Advance(Window * 2);

        await notify.DispatchAsync(records.Reverse().ToArray());

        Assert.Equal(["send", "send", "throttled"], await ReasonsAsync(notify, 3));
    }

    [Fact]
    public async Task Nothing_is_throttled_while_the_cache_is_away()
    {
        var clock = new ManualClock();
        using var notify = await StartAsync(new InMemoryBackends(clock), clock, new AbsentCache());

        await notify.DispatchAsync([.. Enumerable.Range(0, 4).Select(n => notify.Record(Comment(n)))]);

        Assert.Equal(["send", "send", "send", "send"], await ReasonsAsync(notify, 4));
        Assert.Contains(notify.Log.Lines, line => line.Contains("nothing is throttled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subscribers_of_a_topic_are_throttled_one_by_one()
    {
        using var notify = await StartAsync();
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "thread", ["user_1", "user_2"], CancellationToken.None);
        await notify.DispatchAsync(notify.Record(Comment(0)), notify.Record(Comment(1)));

        await notify.DispatchAsync(notify.Record(Comment(2) with { Recipients = ["topic:thread"] }));
        await notify.RunQueuesAsync();

        var deliveries = await notify.Get<Notify.Functions.Status.NotificationReader>().FindAsync(null, "c2", 0, 10,
            CancellationToken.None);
        Assert.Equal("send 1, suppress 1",
            string.Join(", ", Assert.Single(deliveries!.Topics).Decided.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal("user_2", Assert.Single(notify.Senders[Channel.Push].Targets, target =>
            target.AttemptId.Contains(notify.Get<Notify.Functions.Ledger.KeyedHashes>().EventHash(null, "c2"),
                StringComparison.Ordinal)).Recipient);
    }

    [Fact]
    public async Task More_recipients_than_one_trip_takes_are_throttled_all_the_same()
    {
        using var notify = await StartAsync();
        string[] names = [.. Enumerable.Range(0, 1000).Select(n => $"r{n}")];

        await notify.DispatchAsync([.. Enumerable.Range(0, 12)
            .Select(n => notify.Record(Comment(n) with { Recipients = names, Channels = [Channel.InApp] }))]);

        // Nobody has a profile; of those who have a place, that is the reason.
        foreach (var n in new[] { 0, 1, 2, 10, 11 })
        {
            Assert.Equal(1000, (await notify.ReadAsync($"c{n}")).Deliveries.Count);
        }
        await notify.AddRecipientAsync("r999");
        await notify.DispatchAsync(notify.Record(Comment(12) with { Recipients = ["r999"] }));
        Assert.Equal("throttled", (await notify.ReadOnlyDeliveryAsync("c12")).Reason);
    }

    [Theory]
    [InlineData("Notify:Throttling:Categories:comments:Limit", "-1", "comments")]
    [InlineData("Notify:Throttling:Categories:comments:Window", "00:00:00", "comments")]
    [InlineData("Notify:Throttling:Limit", "10001", "Limit")]
    [InlineData("Notify:Throttling:Categories:comments:Most", "3", "Most")]
    public void A_wrong_setting_is_named(string name, string value, string named)
    {
        using var notify = new NotifyHarness(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { [name] = value });

        var fault = Assert.ThrowsAny<Exception>(() => notify.Get<IStartupValidator>().Validate());

        Assert.Contains(named, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_setting_nothing_is_throttled()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync([.. Enumerable.Range(0, 100).Select(n => notify.Record(Comment(n)))]);

        Assert.All(await ReasonsAsync(notify, 100), reason => Assert.Equal("send", reason));
    }

    private static async Task<NotifyHarness> StartAsync(
        InMemoryBackends? backends = null, ManualClock? clock = null, IDispatchCache? cache = null)
    {
        var notify = new NotifyHarness(
            backends,
            clock,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Notify:Throttling:Categories:comments:Limit"] = "2",
                ["Notify:Throttling:Categories:comments:Window"] = Window.ToString()
            },
            services =>
            {
                if (cache is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(cache));
                }
            });
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        return notify;
    }

    private static NotificationEvent Comment(int number) =>
        TestEvents.Alert($"c{number}") with { Priority = Priority.High, Category = "comments" };

    private static Task<List<string>> ReasonsAsync(NotifyHarness notify, int count) =>
        ReasonsAsync(notify, [.. Enumerable.Range(0, count)]);

    private static async Task<List<string>> ReasonsAsync(NotifyHarness notify, params int[] numbers)
    {
        var reasons = new List<string>();
        foreach (var number in numbers)
        {
            reasons.AddRange((await notify.ReadAsync($"c{number}")).Deliveries.Select(delivery => delivery.Reason));
        }
        return reasons;
    }

    /// <summary>A cache whose marks are never there.</summary>
    private sealed class ForgetfulCache(IDispatchCache inner) : IDispatchCache
    {
        public async Task<CacheAnswer> AskAsync(
            IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken) =>
            new([.. keys.Select(_ => (string?)null)], (await inner.AskAsync([], tickets, cancellationToken)).Admitted);

        public Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }

    private sealed class AbsentCache : IDispatchCache
    {
        public Task<CacheAnswer> AskAsync(
            IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken) =>
                throw new TimeoutException("away");

        public Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken) =>
            throw new TimeoutException("away");
    }
}
