using System.Diagnostics;

namespace Notify.Functions.Tests.Backends;

/// <summary>A Kafka client that is not ours.</summary>
internal static class Kcat
{
    /// <summary>Puts values on a topic.</summary>
    public static async Task ProduceAsync(string broker, string topic, IEnumerable<string> values)
    {
        var start = new ProcessStartInfo("kcat", ["-P", "-b", broker, "-t", topic]) { RedirectStandardInput = true, UseShellExecute = false };
        using var kcat = Process.Start(start)!;
        foreach (var value in values)
        {
            await kcat.StandardInput.WriteLineAsync(value);
        }
        kcat.StandardInput.Close();
        await kcat.WaitForExitAsync();
        Assert.Equal(0, kcat.ExitCode);
    }
}
