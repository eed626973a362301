using System.Diagnostics;

namespace Notify.Functions.Tests.StandIns;

/// <summary>Runs the SDK as a user does, free of what the build that runs the tests has left in the environment.</summary>
internal static class DotNet
{
    /// <summary>Runs a command; its exit code and all that it printed.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="packages">The packages folder to use instead of the user's own; <see langword="null"/> for that.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string? packages, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        if (packages is not null)
        {
            // It wins over every setting: what a test makes up must not get among the user's packages.
            start.Environment["NUGET_PACKAGES"] = packages;
        }
        // A build server that outlived the command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Runs a command that has to succeed, without a warning.</summary>
    public static async Task<string> SucceedAsync(string folder, string? packages, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(folder, packages, arguments);
        Assert.True(exitCode == 0 && !output.Contains(": warning ", StringComparison.Ordinal), output);
        return output;
    }
}
