namespace Notify.Functions.Tests.Sandbox;

/// <summary>The machine's clock, set forward at will.</summary>
internal sealed class MovableClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
