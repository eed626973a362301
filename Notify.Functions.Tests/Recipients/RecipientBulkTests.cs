using Notify.Functions.Contract;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients;

/// <summary>Who was imported is held to the same rules as who was registered.</summary>
public sealed class RecipientBulkTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_imported_recipient_gets_nothing_at_a_suppressed_address_whichever_came_first(bool suppressedFirst)
    {
        using var notify = new NotifyHarness();
        var people = Enumerable.Range(0, 300)
            .Select(n => new RecipientProfile { Id = $"u{n}", Email = $"u{n}@example.com", PushTokens = [$"token-{n}"] }).ToList();
        string[] suppressed = ["u7@example.com", "u123@example.com", "u299@example.com"];
        Task ImportAsync() => notify.Get<RecipientBulk>().PutAsync(people, CancellationToken.None);
        async Task SuppressAsync()
        {
            foreach (var address in suppressed)
            {
                await notify.Get<SuppressionList>()
                    .AddAsync(null, Channel.Email, address, SuppressionSource.Bounce, detail: null, CancellationToken.None);
            }
        }

        await (suppressedFirst ? SuppressAsync() : ImportAsync());
        await (suppressedFirst ? ImportAsync() : SuppressAsync());
        await ImportAsync();
        await notify.DispatchAsync(notify.Record(
            TestEvents.Alert("e1") with { Recipients = [.. people.Select(one => one.Id)], Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();

        var sent = notify.Senders[Channel.Email].Targets.Select(target => target.Addresses[0]).ToList();
        Assert.Equal(people.Count - suppressed.Length, sent.Count);
        Assert.Empty(sent.Intersect(suppressed));
    }

    [Fact]
    public async Task A_token_that_is_registered_for_another_leaves_an_imported_profile_too()
    {
        using var notify = new NotifyHarness();
        await notify.Get<RecipientBulk>()
            .PutAsync([new RecipientProfile { Id = "anna", PushTokens = ["device-1", "tablet"] }], CancellationToken.None);

        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "ben", PushTokens = ["device-1"] }, CancellationToken.None);

        var known = await notify.Get<TableRecipientDirectory>().FindAsync(null, ["anna", "ben"], CancellationToken.None);
        Assert.Equal(["tablet"], known["anna"].AddressesOn(Channel.Push));
        Assert.Equal(["device-1"], known["ben"].AddressesOn(Channel.Push));
    }
}
