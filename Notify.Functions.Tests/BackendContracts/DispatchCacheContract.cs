using Notify.Functions.Dispatch.Deduplication;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>What every <see cref="IDispatchCache"/> does.</summary>
public abstract class DispatchCacheContract : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(24);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private readonly string _prefix = $"contract:{Guid.NewGuid():N}:";
    private IDispatchCache? _cache;

    protected IDispatchCache Cache => _cache ?? throw new InvalidOperationException("Not set up.");

    public async Task InitializeAsync() => _cache = await CreateAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The implementation under test.</summary>
    protected abstract Task<IDispatchCache> CreateAsync();

    /// <summary>Lets this much time pass for the cache: moves its clock, or waits.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [ContractFact]
    public async Task Answers_in_the_order_of_the_keys_with_nothing_for_what_is_not_there()
    {
        await MarkAsync(Long, ("b", "2"), ("a", "1"));

        Assert.Equal(["1", null, "2", "1"], await ReadAsync("a", "x", "b", "a"));
    }

    [ContractFact]
    public async Task Keeps_the_first_value()
    {
        await MarkAsync(Long, ("a", "first"));
        await MarkAsync(Long, ("a", "second"), ("b", "new"));

        Assert.Equal(["first", "new"], await ReadAsync("a", "b"));
    }

    [ContractFact]
    public async Task Forgets_when_the_time_is_over()
    {
        await MarkAsync(Short, ("a", "1"));
        await MarkAsync(Long, ("b", "2"));
        Assert.Equal(["1", "2"], await ReadAsync("a", "b"));

        await PassAsync(Short + TimeSpan.FromSeconds(0.5));

        Assert.Equal([null, "2"], await ReadAsync("a", "b"));
        await MarkAsync(Long, ("a", "again"));
        Assert.Equal(["again"], await ReadAsync("a"));
    }

    [ContractFact]
    public async Task Does_not_prolong_what_is_there()
    {
        await MarkAsync(Short, ("a", "1"));
        await MarkAsync(Long, ("a", "2"));

        await PassAsync(Short + TimeSpan.FromSeconds(0.5));

        Assert.Equal([null], await ReadAsync("a"));
    }

    [ContractFact]
    public async Task Lets_one_of_two_claimers_set_a_key()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => MarkAsync(Long, ("a", $"{i}"), ("b", $"{i}")))));

        var values = await ReadAsync("a", "b");
        Assert.All(values, Assert.NotNull);
        Assert.Equal(values, await ReadAsync("a", "b"));
    }

    [ContractFact]
    public async Task Takes_any_key_and_value()
    {
        (string, string)[] entries = [("ключ 🎉", "значение"), ("a/b\\c#d?e", "{x}"), (" ", ""), ("{tag}:k", "\"\n")];
        await MarkAsync(Long, entries);

        Assert.Equal(entries.Select(e => e.Item2), await ReadAsync([.. entries.Select(e => e.Item1)]));
    }

    [ContractFact]
    public async Task Takes_many_keys_and_none()
    {
        var keys = Enumerable.Range(0, 2000).Select(i => $"k{i}").ToArray();
        await MarkAsync(Long, [.. keys.Select(k => (k, k))]);

        Assert.Equal(keys, await ReadAsync(keys));
        Assert.Empty(await ReadAsync());
        await MarkAsync(Long);
    }

    [ContractFact]
    public async Task Lets_as_many_into_a_window_as_its_limit_says_each_window_by_itself()
    {
        Assert.Equal([true, true, false, true], await AskAsync(Ticket("w", "1"), Ticket("w", "2"), Ticket("w", "3"), Ticket("v", "3")));
        Assert.Equal([false], await AskAsync(Ticket("w", "4")));
    }

    [ContractFact]
    public async Task Lets_in_again_who_is_in_already_and_counts_it_once()
    {
        Assert.Equal([true, true, true], await AskAsync(Ticket("w", "1"), Ticket("w", "1"), Ticket("w", "2")));

        Assert.Equal([true, true, false], await AskAsync(Ticket("w", "1"), Ticket("w", "2"), Ticket("w", "3")));
    }

    [ContractFact]
    public async Task A_window_slides()
    {
        var window = TimeSpan.FromSeconds(4);
        await AskAsync(Ticket("w", "1", window));
        await PassAsync(window * 0.6);
        Assert.Equal([true, false], await AskAsync(Ticket("w", "2", window), Ticket("w", "3", window)));

        await PassAsync(window * 0.6);

        // The first has left, the second has not.
        Assert.Equal([true, false], await AskAsync(Ticket("w", "4", window), Ticket("w", "5", window)));
    }

    [ContractFact]
    public async Task A_refused_one_takes_no_place()
    {
        await AskAsync(Ticket("w", "1"), Ticket("w", "2"), Ticket("w", "3"));

        Assert.Equal([true, true], (await Cache.AskAsync([], [Ticket("w", "4") with { Limit = 3 }, Ticket("w", "1") with { Limit = 3 }],
            CancellationToken.None)).Admitted);
    }

    [ContractFact]
    public async Task Lets_no_more_in_where_many_come_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => AskAsync(Ticket("w", $"{i}")))));

        Assert.Equal(2, answers.Count(answer => answer[0]));
    }

    [ContractFact]
    public async Task Answers_keys_and_tickets_together()
    {
        await MarkAsync(Long, ("a", "1"));

        var answer = await Cache.AskAsync([_prefix + "a", _prefix + "x"], [Ticket("w", "1")], CancellationToken.None);

        Assert.Equal(["1", null], answer.Values);
        Assert.Equal([true], answer.Admitted);
    }

    private ThrottleTicket Ticket(string key, string member, TimeSpan? window = null) =>
        new(_prefix + key, member, Limit: 2, window ?? Long);

    private async Task<IReadOnlyList<bool>> AskAsync(params ThrottleTicket[] tickets) =>
        (await Cache.AskAsync([], tickets, CancellationToken.None)).Admitted;

    private async Task<IReadOnlyList<string?>> ReadAsync(params string[] keys) =>
        (await Cache.AskAsync([.. keys.Select(k => _prefix + k)], [], CancellationToken.None)).Values;

    private Task MarkAsync(TimeSpan ttl, params (string Key, string Value)[] entries) =>
        Cache.MarkAsync([.. entries.Select(e => KeyValuePair.Create(_prefix + e.Key, e.Value))], ttl, CancellationToken.None);
}
