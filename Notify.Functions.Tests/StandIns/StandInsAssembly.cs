using System.Reflection;

namespace Notify.Functions.Tests.StandIns;

/// <summary>The stand-ins' assembly; there is none where the official packages are in use.</summary>
internal static class StandInsAssembly
{
    public static Assembly? Instance { get; } = Load();

    /// <summary>The reason for which a test of the stand-ins has nothing to do; null where it has.</summary>
    public static string? WhyAbsent { get; } =
        Instance is null ? "The official packages are in use: there are no stand-ins to test." : null;

    private static Assembly? Load()
    {
        try
        {
            return Assembly.Load("Notify.StandIns");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
