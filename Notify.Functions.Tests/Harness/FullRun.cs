namespace Notify.Functions.Tests.Harness;

/// <summary>Whether long tests take all their cases: <c>eng/test.sh --full</c>, <c>NOTIFY_TEST_FULL=1</c>.</summary>
internal static class FullRun
{
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("NOTIFY_TEST_FULL") == "1";
}
