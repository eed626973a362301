using System.Reflection;

namespace Notify.LocalHost.Processes;

/// <summary>This program, to be started once more as a process of its own.</summary>
internal static class OwnProgram
{
    /// <summary>The command that runs it: its executable, or <c>dotnet</c> with its assembly.</summary>
    public static string[] Command()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileName(program) == assembly.GetName().Name
            ? [program]
            : [Path.GetFileName(program) == "dotnet" ? program : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec",
                assembly.Location];
    }
}
