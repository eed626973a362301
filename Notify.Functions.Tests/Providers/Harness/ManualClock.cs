namespace Notify.Functions.Tests.Providers.Harness;

/// <summary>A clock that stands still until a test moves it; its timers are the system's.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public ManualClock() : this(Start)
    {
    }

    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
