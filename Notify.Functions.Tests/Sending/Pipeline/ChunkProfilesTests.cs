using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sending.Pipeline;

public sealed class ChunkProfilesTests
{
    [Fact]
    public async Task A_profile_is_read_once_however_many_steps_need_it_and_so_is_that_there_is_none()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        var profiles = new ChunkProfiles(notify.Get<TableRecipientDirectory>(), notify.Get<TransientFaultRetry>());
        var before = notify.Tables.Reads(TableNames.Recipients);

        var first = await profiles.FindAsync(null, ["user_1", "nobody", "user_1"], CancellationToken.None);
        var read = notify.Tables.Reads(TableNames.Recipients) - before;
        var second = await profiles.FindAsync(null, ["nobody", "user_1"], CancellationToken.None);
        var readAgain = notify.Tables.Reads(TableNames.Recipients) - before - read;
        var third = await profiles.FindAsync(null, ["user_1", "user_2"], CancellationToken.None);
        var ofAnotherTenant = await profiles.FindAsync("t", ["user_1"], CancellationToken.None);

        Assert.Equal(["user_1"], first.Keys);
        Assert.Equal(["user_1"], second.Keys);
        Assert.Equal(["user_1", "user_2"], third.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(ofAnotherTenant);
        Assert.NotEqual(0, read);
        Assert.Equal(0, readAgain);
    }
}
