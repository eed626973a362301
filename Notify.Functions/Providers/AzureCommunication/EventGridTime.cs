using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>When an event happened.</summary>
internal static class EventGridTime
{
    /// <summary>The time in the event's data, else that of the event in either schema, else now.</summary>
    public static DateTimeOffset Read(JsonElement item, JsonElement data, string member, DateTimeOffset now) =>
        Parse(data.TextOf(member)) ?? Parse(item.TextOf("eventTime")) ?? Parse(item.TextOf("time")) ?? now;

    // A time that was never set is that of year 1, which no row can hold.
    private static DateTimeOffset? Parse(string? text) =>
        EventTimes.TryParseLenient(text, out var at) ? at : null;
}
