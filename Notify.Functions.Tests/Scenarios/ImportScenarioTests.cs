using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Recipients;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A hundred thousand recipients are imported into a real Azure Storage, with progress, in no more memory than a few.</summary>
[Trait("Category", "Slow")]
[Collection("Hosts in processes of their own")]
public sealed class ImportScenarioTests : IDisposable
{
    private const int Few = 2_000;
    private const int Many = 100_000;
    private const long MostGrowth = 64 * 1024 * 1024;
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task A_hundred_thousand_recipients_are_imported_in_flat_memory()
    {
        await using var world = await RealWorld.StartAsync(storageInMemory: true);

        var (few, _) = await ImportAsync(world, "few", Few);
        var (many, output) = await ImportAsync(world, "many", Many);

        Assert.Contains("10000 lines read", output, StringComparison.Ordinal);
        Assert.True(many - few < MostGrowth, $"{many / 1024 / 1024} MB for {Many} recipients, {few / 1024 / 1024} for {Few}.");
        var some = Enumerable.Range(0, 200).Select(n => Name("many", n * (Many / 200))).ToList();
        Assert.Equal(200, (await world.Observer.Services.GetRequiredService<IRecipientDirectory>().FindAsync(null, some, CancellationToken.None)).Count);
    }

    private async Task<(long Peak, string Output)> ImportAsync(RealWorld world, string prefix, int count)
    {
        var path = Path.Combine(_folder, prefix + ".csv");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, count).Select(n => $"{Name(prefix, n)},{Name(prefix, n)}@example.com,de-AT").Prepend("id,email,locale"));
        await using var host = await world.StartHostAsync(functions: "GetNotification", arguments: ["--import", path]);
        var end = string.Create(CultureInfo.InvariantCulture, $"{count} lines: {count} recipients, 0 subscriptions, 0 faulty");
        for (var tries = 0; !host.Output.Contains(end, StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 3000 && !host.HasExited, host.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
        return (host.PeakMemory(), host.Output);
    }

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}");
}
