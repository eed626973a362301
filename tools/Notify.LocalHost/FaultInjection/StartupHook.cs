using Notify.LocalHost.FaultInjection;

/// <summary>
/// What .NET runs before a program where <c>DOTNET_STARTUP_HOOKS</c> names this assembly: arms the fault point in a worker process, which
/// is the built app and knows nothing of it.
/// </summary>
#pragma warning disable CA1050, MA0047 // .NET finds it by this name, without a namespace.
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    public static void Initialize() => KillAt.Arm(Environment.GetEnvironmentVariable(KillAt.Variable));
}
