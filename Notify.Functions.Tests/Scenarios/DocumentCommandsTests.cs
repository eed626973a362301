using System.Net.NetworkInformation;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// The commands of the documents do what these say, as they are written: on the ports that they name, so one test at a time.
/// </summary>
[Trait("Category", "Slow")]
public sealed class DocumentCommandsTests
{
    private static readonly int[] Ports = [7071, 7072, 7079];
    private static readonly DocumentBlock Host = new("README.md", "", "dotnet run --no-build --project tools/Notify.LocalHost");
    private static readonly DocumentBlock Sandbox =
        new("docs/local-host.md", "", "dotnet run --no-build --project tools/Notify.LocalHost -- --sandbox-only");
    private static readonly DocumentBlock Both = Host with { Commands = $"{Host.Commands} &\n{Sandbox.Commands}" };
    private static readonly DocumentBlock Backends = Host with { Commands = $"{Host.Commands} -- --up --events samples/events.jsonl" };
    private static readonly string[] Needs = ["", "azure", "docker", "long"];

    // What a page takes for granted.
    private static readonly Dictionary<string, DocumentBlock> Before = new(StringComparer.Ordinal)
    {
        ["docs/api.md"] = Host,
        ["docs/sandbox.md"] = Both,
        ["docs/operations.md"] = Backends,
    };

    /// <summary>Documents with blocks that run here.</summary>
    public static TheoryData<string> Runnable => [.. DocumentBlock.Documents.Where(document => DocumentBlock.Of(document).Any(IsRun))];

    [Fact]
    public void Every_block_says_what_it_needs()
    {
        var blocks = DocumentBlock.Documents.SelectMany(DocumentBlock.Of).ToList();

        Assert.InRange(blocks.Count(IsRun), 10, 100);
        Assert.All(blocks, block => Assert.Contains(block.Needs.Trim(), Needs));
        Assert.All(blocks.Where(block => block.Needs.Trim() == "azure"), block => Assert.Matches(@"\b(az|azd) ", block.Commands));
        Assert.All(blocks.Where(block => block.Needs.Trim() == "docker"), block =>
            Assert.Contains("docker compose", block.Commands, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(Runnable))]
    public async Task Every_block_runs_as_it_is_written(string document)
    {
        await RealBackends.OrSkipAsync(() => BackendProcesses.Missing() is [var missing, ..]
            ? throw new BackendMissingException(missing) : Task.FromResult(true));
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(one => one.Port).Intersect(Ports).ToList();
        Assert.True(taken.Count == 0, $"The documents name ports that are in use here: {string.Join(", ", taken)}.");
        await using var shell = new DocumentShell();
        if (Before.TryGetValue(document, out var before))
        {
            await shell.RunAsync(before);
        }
        foreach (var block in DocumentBlock.Of(document).Where(IsRun))
        {
            await shell.RunAsync(block);
        }
    }

    // The tests themselves, and the proof, are run as tests.
    private static bool IsRun(DocumentBlock block) =>
        block.Needs.Trim() switch
        {
            "" => true,
            "long" => FullRun.IsAsked && !block.Commands.Contains("./eng/test.sh", StringComparison.Ordinal),
            _ => false,
        };
}
