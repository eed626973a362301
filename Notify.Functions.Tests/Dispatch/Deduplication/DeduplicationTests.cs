using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch.Deduplication;

/// <summary>
/// What is once and what is twice: with the cache, without it and with one that was emptied in between; in one batch and in two.
/// </summary>
public sealed class DeduplicationTests
{
    public enum Pair
    {
        OneIdempotencyKeyAndNoId,
        TwoIdempotencyKeysAndNoId,
        OneIdAndAnotherCreatedAt,
        TwoIds,
        OneIdInTwoTenants,
        OneKeyInTwoTenants,
        OneRecipientTwice,
        TwoRecipients,
        OneRecipientByTwoNames,
    }

    public static TheoryData<Pair, Cache, bool> Cases()
    {
        var cases = new TheoryData<Pair, Cache, bool>();
        foreach (var pair in Enum.GetValues<Pair>())
        {
            foreach (var cache in Enum.GetValues<Cache>())
            {
                cases.Add(pair, cache, true);
                cases.Add(pair, cache, false);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Is_once_where_it_is_the_same_and_twice_where_it_differs(Pair pair, Cache cache, bool inOneBatch)
    {
        using var notify = ChangingCache.Harness(cache, out var flush);
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        await notify.AddRecipientAsync("user_1", "acme");
        var records = Records(notify, pair);

        if (inOneBatch)
        {
            await notify.DispatchAsync(records);
        }
        else
        {
            foreach (var record in records)
            {
                await notify.DispatchAsync(record);
                flush();
            }
        }
        await notify.RunQueuesAsync();
        // And the broker brings everything once more.
        flush();
        await notify.DispatchAsync(records);
        await notify.RunQueuesAsync();

        var expected = pair is Pair.OneIdempotencyKeyAndNoId or Pair.OneIdAndAnotherCreatedAt or Pair.OneRecipientTwice ? 1 : 2;
        Assert.Equal(expected, notify.Senders[Channel.Email].Targets.Count);
        Assert.Equal(expected, notify.Senders[Channel.Email].Targets.Select(target => target.AttemptId).Distinct(StringComparer.Ordinal)
            .Count());
    }

    private static IncomingRecord[] Records(NotifyHarness notify, Pair pair)
    {
        var one = TestEvents.Alert() with { Channels = [Channel.Email] };
        return pair switch
        {
            Pair.OneIdempotencyKeyAndNoId => [Posted(notify, "k"), Posted(notify, "k")],
            Pair.TwoIdempotencyKeysAndNoId => [Posted(notify, "k"), Posted(notify, "l")],
            Pair.OneIdAndAnotherCreatedAt => [notify.Record(one), notify.Record(one with { CreatedAt = one.CreatedAt.AddSeconds(1) })],
            Pair.TwoIds => [notify.Record(one), notify.Record(one with { Id = "e2" })],
            Pair.OneIdInTwoTenants => [notify.Record(one), notify.Record(one with { Tenant = "acme" })],
            Pair.OneKeyInTwoTenants => [notify.Record(one with { DeduplicationKey = "k" }),
                notify.Record(one with { Id = "e2", Tenant = "acme", DeduplicationKey = "k" })],
            Pair.OneRecipientTwice => [Listed(notify, "user_1", "user_1")],
            Pair.TwoRecipients => [Listed(notify, "user_1", "user_2")],
            // Two names are two recipients, even where they share an address: who is meant is the producer's to say.
            Pair.OneRecipientByTwoNames => [Listed(notify, "user_1", "mailto:user_1@example.com")],
            _ => throw new ArgumentOutOfRangeException(nameof(pair)),
        };
    }

    // As the intake reads it: the id is made up, the header is the key.
    private static IncomingRecord Posted(NotifyHarness notify, string idempotencyKey)
    {
        const string Text =
            """{"type":"alert","priority":"critical","recipients":["user_1"],"channels":["email"],"payload":{"message":"x"}}""";
        var reading = EventReader.Read(System.Text.Encoding.UTF8.GetBytes(Text),
            new EventDefaults(Guid.NewGuid().ToString("N"), notify.Clock.GetUtcNow(), idempotencyKey));
        return notify.Record(reading.Event!);
    }

    // As a producer that lists somebody twice writes it.
    private static IncomingRecord Listed(NotifyHarness notify, params string[] recipients) => notify.Record(
        "{\"id\":\"e1\",\"type\":\"alert\",\"priority\":\"critical\",\"channels\":[\"email\"],\"payload\":{\"message\":\"x\"},\"recipients\":[" + string.Join(',', recipients.Select(one => $"\"{one}\"")) + "]}");
}
