using Azure.Storage.Queues;
using Notify.Functions.Tests.Backends;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.Functions.Tests.LocalHost.Backends;

public sealed class StorageQueueSourceTests
{
    private readonly string _queue = $"source-{Guid.NewGuid():N}";

    [SkippableFact]
    public async Task Moves_a_text_that_is_no_base64_to_the_poison_queue_as_it_is()
    {
        var address = (await RealBackends.StorageAsync()).Address;
        var source = new StorageClient(address).Source;
        var plain = new QueueClient(address, _queue);
        await plain.CreateAsync();
        await plain.SendMessageAsync("{ no base64 }");
        await plain.SendMessageAsync("YmFzZTY0");

        var leases = await source.ReceiveAsync(_queue, 32, TimeSpan.FromMinutes(1), CancellationToken.None);
        var stranger = Assert.Single(leases, lease => lease.Body is null);
        Assert.Equal("base64"u8.ToArray(), Assert.Single(leases, lease => lease.Body is not null).Body!.Value.ToArray());
        var renewed = await source.RenewAsync(stranger, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.True(await source.MoveAsync(renewed!, QueueNames.PoisonOf(_queue)!, CancellationToken.None));

        var moved = (await new QueueClient(address, _queue + "-poison").ReceiveMessagesAsync()).Value;
        Assert.Equal("{ no base64 }", Assert.Single(moved).MessageText);
    }

    [SkippableFact]
    public async Task Does_not_move_a_message_whose_lease_is_lost()
    {
        var client = new StorageClient((await RealBackends.StorageAsync()).Address);
        await client.Queues.SendAsync(_queue, "m", TimeSpan.Zero, CancellationToken.None);
        var lease = Assert.Single(await client.Source.ReceiveAsync(_queue, 1, TimeSpan.FromMinutes(1), CancellationToken.None));
        await client.Source.ReleaseAsync(lease, TimeSpan.Zero, CancellationToken.None);

        Assert.False(await client.Source.MoveAsync(lease, _queue + "-poison", CancellationToken.None));

        Assert.Equal(0, await client.Queues.CountAsync(_queue + "-poison", CancellationToken.None));
        Assert.Equal(1, await client.Queues.CountAsync(_queue, CancellationToken.None));
    }

    [SkippableFact]
    public async Task Stores_messages_that_never_expire()
    {
        var address = (await RealBackends.StorageAsync()).Address;
        await new StorageClient(address).Queues.SendAsync(_queue, "m", TimeSpan.Zero, CancellationToken.None);

        var message = Assert.Single((await new QueueClient(address, _queue).PeekMessagesAsync(1)).Value);

        Assert.True(message.ExpiresOn > DateTimeOffset.MaxValue.AddYears(-1), $"{message.ExpiresOn:O}");
        Assert.Equal("bQ==", message.MessageText);
    }
}
