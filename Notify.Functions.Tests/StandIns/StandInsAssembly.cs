using System.Reflection;

namespace Notify.Functions.Tests.StandIns;

/// <summary>The stand-ins' assembly; there is none where the official packages are in use.</summary>
internal static class StandInsAssembly
{
    public static Assembly? Instance { get; } = Load();

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
