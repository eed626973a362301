namespace Notify.LocalHost;

internal static class Program
{
    private static void Main()
    {
    }
}
