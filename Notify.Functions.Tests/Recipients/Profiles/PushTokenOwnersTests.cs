using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients.Profiles;

/// <summary>A push token moves with its device: who registers it last has it, and nobody else.</summary>
public sealed class PushTokenOwnersTests
{
    private const string Token = "device-1";

    [Fact]
    public async Task A_token_that_is_registered_for_another_recipient_leaves_the_profile_that_had_it()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "anna", Token, "tablet");

        await PutAsync(notify, "ben", "phone", Token);
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("e1") with { Recipients = ["anna", "ben"] }));
        await notify.RunQueuesAsync();

        Assert.Equal(["tablet"], await TokensAsync(notify, "anna"));
        Assert.Equal(["phone", Token], await TokensAsync(notify, "ben"));
        Assert.Single(notify.Senders[Channel.Push].Targets.SelectMany(target => target.Addresses), Token);
    }

    [Fact]
    public async Task A_token_moves_back_and_forth_and_everything_else_in_the_profiles_stays()
    {
        using var notify = new NotifyHarness();
        await notify.Get<TableRecipientDirectory>().PutAsync(
            new RecipientProfile
            {
                Id = "anna",
                Email = "anna@example.com",
                Locale = "de-AT",
                PushTokens = [new PushToken(Token, "ios"), "tablet"]
            }, CancellationToken.None);

        foreach (var owner in new[] { "ben", "cem", "anna", "ben", "ben", "cem" })
        {
            await PutAsync(notify, owner, Token);
            Assert.Equal([owner], await HoldersAsync(notify, "anna", "ben", "cem"));
        }

        await PutAsync(notify, "anna", "tablet");
        Assert.Equal(["cem"], await HoldersAsync(notify, "anna", "ben", "cem"));
    }

    [Fact]
    public async Task Another_tenant_s_recipients_keep_their_tokens()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "anna", Token);

        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "ben", Tenant = "acme", PushTokens = [Token] }, CancellationToken.None);

        Assert.Equal([Token], await TokensAsync(notify, "anna"));
    }

    [Fact]
    public async Task A_change_that_does_not_name_tokens_takes_none_back()
    {
        using var notify = new NotifyHarness();
        var directory = notify.Get<TableRecipientDirectory>();
        await PutAsync(notify, "anna", Token);

        await directory.ChangeAsync(null, "anna", before =>
        {
            // Ben is faster.
            if (before.PushTokens.Count > 0)
            {
                PutAsync(notify, "ben", Token).GetAwaiter().GetResult();
            }
            return before with { Locale = "de" };
        }, CancellationToken.None);
        Assert.Equal(["ben"], await HoldersAsync(notify, "anna", "ben"));

        await directory.ChangeAsync(null, "anna", before => before with { PushTokens = [Token] }, CancellationToken.None,
            registersTokens: true);
        Assert.Equal(["anna"], await HoldersAsync(notify, "anna", "ben"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_write_a_registration_dies_at_nobody_is_without_the_token_and_the_same_call_finishes_it(bool answerIsLost)
    {
        var died = true;
        for (var write = 1; died; write++)
        {
            using var notify = new NotifyHarness();
            await PutAsync(notify, "anna", Token);
            await PutAsync(notify, "cem", Token);
            died = await DiesAsync(notify, write, answerIsLost, () => PutAsync(notify, "ben", Token));

            Assert.NotEmpty(await HoldersAsync(notify, "anna", "ben", "cem"));
            await PutAsync(notify, "ben", Token);
            Assert.Equal(["ben"], await HoldersAsync(notify, "anna", "ben", "cem"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_write_a_registration_dies_at_another_recipient_s_takes_the_token_from_everybody(bool answerIsLost)
    {
        var died = true;
        for (var write = 1; died; write++)
        {
            using var notify = new NotifyHarness();
            await PutAsync(notify, "anna", Token);
            died = await DiesAsync(notify, write, answerIsLost, () => PutAsync(notify, "ben", Token));

            await PutAsync(notify, "cem", Token);
            Assert.Equal(["cem"], await HoldersAsync(notify, "anna", "ben", "cem"));
        }
    }

    // Every step of the first registration meets the whole of the second: the one that claims last has the token.
    [Fact]
    public async Task Whenever_another_registration_comes_in_between_the_later_claim_has_the_token_and_nobody_else()
    {
        var met = true;
        for (var step = 1; met; step++)
        {
            using var notify = new NotifyHarness();
            var steps = 0;
            met = false;
            notify.Tables.BeforeWrite = async (_, _) =>
            {
                if (++steps == step)
                {
                    met = true;
                    notify.Tables.BeforeWrite = FaultyTables.Nothing;
                    await PutAsync(notify, "ben", Token);
                }
            };
            await PutAsync(notify, "anna", Token);
            notify.Tables.BeforeWrite = FaultyTables.Nothing;

            var holder = Assert.Single(await HoldersAsync(notify, "anna", "ben"));
            await PutAsync(notify, "cem", Token);
            Assert.Equal(["cem"], await HoldersAsync(notify, "anna", "ben", "cem"));
            Assert.Contains(holder, new[] { "anna", "ben" });
        }
    }

    [Fact]
    public async Task Of_many_registrations_at_once_one_has_the_token()
    {
        string[] people = [.. Enumerable.Range(0, 8).Select(n => "u" + n)];
        for (var seed = 0; seed < 40; seed++)
        {
            using var notify = new NotifyHarness();
            var random = new Random(seed);
            notify.Tables.BeforeWrite = notify.Tables.AfterWrite = (_, _) => YieldAsync(random);

            await Task.WhenAll(people.Concat(people).Select(one => Task.Run(() => PutAsync(notify, one, Token))));

            Assert.Single(await HoldersAsync(notify, people));
        }
    }

    [Fact]
    public async Task A_registration_costs_the_same_however_many_had_the_token_before()
    {
        using var notify = new NotifyHarness();
        var costs = new List<int>();
        for (var n = 0; n < 40; n++)
        {
            costs.Add(await CostAsync(notify, () => PutAsync(notify, $"u{n}", Token)));
        }

        Assert.Single(costs.Skip(2).Distinct());
        // The address, the claim and what it takes to look at both again; the profile that loses the token; the own profile.
        Assert.InRange(costs[^1], 1, 16);
        // Registering what one has already.
        Assert.InRange(await CostAsync(notify, () => PutAsync(notify, "u39", Token)), 1, costs[^1]);
    }

    private static Task PutAsync(NotifyHarness notify, string id, params string[] tokens) =>
        notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = id, PushTokens = [.. tokens.Select(token => new PushToken(token))] },
                CancellationToken.None);

    private static async Task<IReadOnlyList<string>> TokensAsync(NotifyHarness notify, string id) =>
        (await notify.Get<TableRecipientDirectory>().FindAsync(null, [id], CancellationToken.None))[id].AddressesOn(Channel.Push);

    private static async Task<IReadOnlyList<string>> HoldersAsync(NotifyHarness notify, params string[] ids)
    {
        var known = await notify.Get<TableRecipientDirectory>().FindAsync(null, ids, CancellationToken.None);
        return [.. known.Where(one => one.Value.AddressesOn(Channel.Push).Contains(Token, StringComparer.Ordinal)).Select(one => one.Key)
            .Order(StringComparer.Ordinal)];
    }

    private static async Task<bool> DiesAsync(NotifyHarness notify, int atWrite, bool answerIsLost, Func<Task> run)
    {
        var writes = 0;
        Func<string, IReadOnlyList<TableWrite>, Task> die =
            (_, _) => ++writes == atWrite ? throw new InvalidOperationException("dies") : Task.CompletedTask;
        (notify.Tables.BeforeWrite, notify.Tables.AfterWrite) = answerIsLost ? (FaultyTables.Nothing, die) : (die, FaultyTables.Nothing);
        try
        {
            await run();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        finally
        {
            (notify.Tables.BeforeWrite, notify.Tables.AfterWrite) = (FaultyTables.Nothing, FaultyTables.Nothing);
        }
    }

    private static async Task<int> CostAsync(NotifyHarness notify, Func<Task> run)
    {
        var (before, writes) = (Reads(notify), 0);
        notify.Tables.AfterWrite = (_, _) =>
        {
            Interlocked.Increment(ref writes);
            return Task.CompletedTask;
        };
        await run();
        return Reads(notify) - before + writes;
    }

    private static int Reads(NotifyHarness notify) =>
        notify.Tables.Reads(TableNames.Addresses) + notify.Tables.Reads(TableNames.Recipients)
            + notify.Tables.Reads(TableNames.Suppressions);

    private static async Task YieldAsync(Random random)
    {
        int times;
        lock (random)
        {
            times = random.Next(4);
        }
        for (var n = 0; n < times; n++)
        {
            await Task.Yield();
        }
    }
}
