using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Tests.LocalHost;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>What names of events do on every <see cref="ITables"/>.</summary>
public abstract class NameRowsContract : IAsyncLifetime
{
    private static readonly TimeSpan Ttl = TimeSpan.FromHours(24);
    private static readonly Fingerprint One = new("1one", StatedAt: null);
    private static readonly Fingerprint Other = new("1other", new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly ManualClock _clock = new();

    // Nobody has used it, on a server that outlives the test either.
    private readonly string _hash = Base32Hex.Encode(Guid.NewGuid().ToByteArray());
    private ITables? _tables;

    private ITables Tables => _tables ?? throw new InvalidOperationException("Not set up.");

    public async Task InitializeAsync() => _tables = await CreateAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The implementation under test.</summary>
    protected abstract Task<ITables> CreateAsync();

    [ContractFact]
    public async Task The_first_has_the_name_and_the_next_hears_of_it()
    {
        Assert.Equal(new NameOwner("a", One, IsNew: true), await ClaimAsync("a", One));
        Assert.Equal(new NameOwner("a", One, IsNew: false), await ClaimAsync("b", Other));
        Assert.Equal(new NameOwner("a", One, IsNew: false), await ClaimAsync("a", One));
        Assert.Equal(new NameOwner("a", One, IsNew: false), await FindAsync());
    }

    [ContractFact]
    public async Task Of_many_at_once_one_has_it_and_all_hear_the_same()
    {
        var owners = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(number => Task.Run(() => ClaimAsync($"e{number}", number % 2 == 0 ? One : Other))));

        var first = Assert.Single(owners, owner => owner.IsNew);
        Assert.All(owners, owner => Assert.Equal(first with { IsNew = owner.IsNew }, owner));
        Assert.Equal(first with { IsNew = false }, await FindAsync());
    }

    [ContractFact]
    public async Task Of_many_in_one_call_the_first_has_it()
    {
        var rows = new[] { Row("a", One), Row("b", Other), Row("c", One),
            NameRows.Create("c.", Base32Hex.Encode(Guid.NewGuid().ToByteArray()), "d", Other, _clock.GetUtcNow()) };

        var owners = await Tables.ClaimNamesAsync(rows, Ttl, _clock, CancellationToken.None);

        Assert.Equal([new NameOwner("a", One, IsNew: true), new NameOwner("a", One, IsNew: false), new NameOwner("a", One, IsNew: false),
            new NameOwner("d", Other, IsNew: true)], owners);
    }

    [ContractFact]
    public async Task When_its_time_is_over_one_of_many_gets_it()
    {
        await ClaimAsync("old", One);
        _clock.Advance(Ttl);
        Assert.Null(await FindAsync());

        var owners = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(() => ClaimAsync($"e{number}", Other))));

        var first = Assert.Single(owners, owner => owner.IsNew);
        Assert.All(owners, owner => Assert.Equal(first.EventId, owner.EventId));
        _clock.Advance(Ttl - TimeSpan.FromSeconds(1));
        Assert.Equal(first with { IsNew = false }, await FindAsync());
    }

    [ContractFact]
    public async Task It_is_given_back_by_whoever_has_it_only()
    {
        await ClaimAsync("a", One);
        await Tables.ReleaseNameAsync(Row("b", One), CancellationToken.None);
        await Tables.ReleaseNameAsync(Row("a", Other), CancellationToken.None);
        Assert.NotNull(await FindAsync());

        await Tables.ReleaseNameAsync(Row("a", One), CancellationToken.None);
        await Tables.ReleaseNameAsync(Row("a", One), CancellationToken.None);

        Assert.Null(await FindAsync());
        Assert.True((await ClaimAsync("b", Other)).IsNew);
    }

    [ContractFact]
    public async Task What_was_said_under_it_can_be_forgotten_and_the_name_goes_on()
    {
        await ClaimAsync("a", One);
        await Tables.ForgetFingerprintAsync("c.", _hash, "b", CancellationToken.None);
        Assert.Equal(One, (await FindAsync())!.Fingerprint);

        await Tables.ForgetFingerprintAsync("c.", _hash, "a", CancellationToken.None);
        await Tables.ForgetFingerprintAsync("c.", _hash, "a", CancellationToken.None);

        Assert.Equal(new NameOwner("a", Fingerprint: null, IsNew: false), await ClaimAsync("b", Other));
    }

    private TableRow Row(string eventId, Fingerprint fingerprint) => NameRows.Create("c.", _hash, eventId, fingerprint, _clock.GetUtcNow());

    private async Task<NameOwner> ClaimAsync(string eventId, Fingerprint fingerprint) =>
        Assert.Single(await Tables.ClaimNamesAsync([Row(eventId, fingerprint)], Ttl, _clock, CancellationToken.None));

    private Task<NameOwner?> FindAsync() => Tables.FindNameAsync("c.", _hash, Ttl, _clock, CancellationToken.None);
}
