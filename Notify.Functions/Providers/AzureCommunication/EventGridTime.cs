using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>When an event happened.</summary>
internal static class EventGridTime
{
    /// <summary>The time in the event's data, else that of the event in either schema, else now.</summary>
    public static DateTimeOffset Of(JsonElement item, JsonElement data, string member, DateTimeOffset now) =>
        Parse(data.TextOf(member)) ?? Parse(item.TextOf("eventTime")) ?? Parse(item.TextOf("time")) ?? now;

    private static DateTimeOffset? Parse(string? text) =>
        EventTimes.TryParseLenient(text, out var at) ? at : null;
}
