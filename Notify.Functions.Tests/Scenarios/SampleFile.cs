using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// The thousand sample events, or three hundred of them, chosen by a seed, where a test need not be that long: <c>NOTIFY_TEST_FULL=1</c>
/// takes them all.
/// </summary>
internal sealed class SampleFile : IDisposable
{
    private const int Few = 300;
    private const int Seed = 20260101;
    private const string Recipients = "recipients.jsonl";
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-sample-").FullName;

    public SampleFile()
    {
        var lines = File.ReadAllLines(System.IO.Path.Combine(SampleExpectations.Folder, "events.jsonl"));
        if (!FullRun.IsAsked)
        {
            new Random(Seed).Shuffle(lines);
            lines = lines[..Few];
        }
        File.WriteAllText(Path, string.Join('\n', lines) + "\n");
        File.Copy(System.IO.Path.Combine(SampleExpectations.Folder, Recipients), System.IO.Path.Combine(_folder, Recipients));
    }

    /// <summary>The events; their recipients stand beside them.</summary>
    public string Path => System.IO.Path.Combine(_folder, "events.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
