using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Recipients;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// A hundred thousand recipients (half as many in a shortened run) are imported into a real Azure Storage, with progress, in a heap that
/// could not hold them.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ImportScenarioTests : IDisposable
{
    private static readonly int Many = FullRun.IsAsked ? 100_000 : 50_000;

    // 48 MiB, or 32 for half as many, in hexadecimal: more than is enough. The host dies of 16 before 10,000 lines; in 24 it imports a
    // hundred thousand, beside a busy machine too, and in 32 more than twice as many. One that keeps what it has read dies of 48 after
    // 50,000; one that asks first who is known dies of 40 after 10,000.
    private static readonly string HeapLimit = FullRun.IsAsked ? "3000000" : "2000000";
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task Many_recipients_are_imported_in_flat_memory()
    {
        await using var world = await RealWorld.StartAsync();

        var output = await ImportAsync(world);

        Assert.Contains("10000 lines read", output, StringComparison.Ordinal);
        var some = Enumerable.Range(0, 200).Select(n => Name(n * (Many / 200))).ToList();
        Assert.Equal(200, (await world.Observer.Services.GetRequiredService<TableRecipientDirectory>()
            .FindAsync(null, some, CancellationToken.None)).Count);
    }

    private async Task<string> ImportAsync(RealWorld world)
    {
        var path = Path.Combine(_folder, "many.csv");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, Many).Select(n => $"{Name(n)},{Name(n)}@example.com,de-AT")
            .Prepend("id,email,locale"));
        await using var host = await world.StartHostAsync(
            functions: "GetNotification",
            more: new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = HeapLimit },
            arguments: ["--import", path]);
        var end = string.Create(CultureInfo.InvariantCulture, $"{Many} lines: {Many} recipients, 0 subscriptions, 0 faulty");
        var output = await Patience.UntilAsync(() => Task.FromResult(host.Output), output => output.Contains(end, StringComparison.Ordinal)
            || host.HasExited);
        Assert.Contains(end, output, StringComparison.Ordinal);
        return output;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"many-{number}");
}
