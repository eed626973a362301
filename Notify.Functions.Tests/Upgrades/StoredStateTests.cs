using System.Text.Json;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;

namespace Notify.Functions.Tests.Upgrades;

/// <summary>
/// What is stored outlives the code that wrote it, and two versions run beside each other while one is being deployed. The file beside this
/// one was written by an earlier version. Where the form of something stored is to change, the old form must be read for as long as it is
/// kept; write the file anew with <c>NOTIFY_WRITE_STORED_STATE=FILE</c> and keep the old one as another case.
/// </summary>
public sealed class StoredStateTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "Notify.Functions.Tests", "Upgrades");

    [Theory]
    [InlineData("2026-11-30.json")]
    [InlineData("2026-12-01.json")]
    public async Task What_an_earlier_version_wrote_is_read_and_finished(string file)
    {
        var state = StoredState.Read(Path.Combine(Folder, file));
        using var notify = new NotifyHarness(clock: new ManualClock(state.At));
        var partitions = notify.Tables.WatchPartitions();
        await state.PutAsync(notify);

        var read = await StoredState.TakeAsync(notify, partitions.Keys);
        Assert.NotEmpty(state.Views);
        Assert.All(state.Views, view => Assert.Equal(Compact(view.Value), Compact(read.Views[view.Key])));

        using var later = new NotifyHarness(clock: new ManualClock(state.At));
        await state.PutAsync(later);
        Assert.NotEmpty(state.Ending);
        Assert.Equal(state.Ending, await StateFiller.FinishAsync(later));
    }

    [Theory]
    [InlineData("2026-12-01.json")]
    public async Task What_is_written_is_what_an_earlier_version_wrote_so_that_it_can_read_it(string file)
    {
        var earlier = StoredState.Read(Path.Combine(Folder, file));
        using var notify = new NotifyHarness();
        var partitions = notify.Tables.WatchPartitions();
        await StateFiller.FillAsync(notify);
        var now = await StoredState.TakeAsync(notify, partitions.Keys);
        if (Environment.GetEnvironmentVariable("NOTIFY_WRITE_STORED_STATE") is { Length: > 0 } path)
        {
            now.Write(path);
        }

        Assert.Equal(earlier.Rows.Select(Shape), now.Rows.Select(Shape));
        Assert.Equal(earlier.Messages, now.Messages);
    }

    // A claim names its sender, a stamp a version, an entry of a trail itself: by a new name each time.
    private static string Shape(StoredRow row)
    {
        var key = row.Key.StartsWith("!a|", StringComparison.Ordinal) ? row.Key[..^8] : row.Key;
        var columns = row.Columns.Select(column => column.Key is "claim" or "stamp" ? column.Key : $"{column.Key} = {column.Value}");
        return $"{row.Table} {row.Partition} {key}: {string.Join(", ", columns)}";
    }

    private static string Compact(JsonElement view) => JsonSerializer.Serialize(view);
}
