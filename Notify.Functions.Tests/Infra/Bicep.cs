using System.Diagnostics;
using System.Reflection;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Infra;

/// <summary>The Bicep compiler, which also predicts what a deployment creates.</summary>
internal static class Bicep
{
    private static readonly string Executable = Find();

    /// <summary>Runs it; what it has printed as an error or a warning.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false
        };
        // The machine may have no ICU.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        // What the parameter files ask the environment for.
        start.Environment["NOTIFY_IDENTITY_KEY"] = "a-key-for-this-test-0000000000000000";
        using var bicep = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience.Limit);
        var (output, errors) = (bicep.StandardOutput.ReadToEndAsync(patience.Token), bicep.StandardError.ReadToEndAsync(patience.Token));
        await bicep.WaitForExitAsync(patience.Token);
        await output;
        var said = (await errors).Trim();
        return bicep.ExitCode == 0 ? said : $"exit code {bicep.ExitCode}: {said}";
    }

    private static string Find()
    {
        var path = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Bicep").Value!;
        if (!OperatingSystem.IsWindows())
        {
            // A package keeps no mode.
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }
        return path;
    }
}
