using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Harness;

/// <summary>Events for tests: change by <c>with</c> what the test is about.</summary>
internal static class TestEvents
{
    public static NotificationEvent Alert(string id = "e1") => new()
    {
        Id = id,
        Type = EventType.Alert,
        Priority = Priority.Critical,
        Payload = Json("""{"title":"Sign-in","message":"Somebody signed in from a new device."}"""),
        Recipients = ["user_1"],
        Channels = [Channel.Push],
        CreatedAt = new DateTimeOffset(2026, 3, 4, 11, 59, 0, TimeSpan.Zero),
    };

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
