using System.Globalization;
using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;
using Notify.Sandbox.Messages;

namespace Notify.Sandbox.Control;

/// <summary>Which messages a listing wants. A part that is absent does not filter.</summary>
internal sealed record MessageFilter
{
    public string? Channel { get; init; }

    /// <summary>The address; email addresses without regard to case.</summary>
    public string? Recipient { get; init; }

    /// <summary>A delivery id, or an attempt id.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>Only messages numbered above this one.</summary>
    public long? After { get; init; }

    /// <summary>With <see cref="After"/> the first so many, without it the last.</summary>
    public int? Limit { get; init; }

    /// <summary>Reads a query string; each mistake stands under its parameter's name.</summary>
    public static MessageFilter Read(IQueryCollection query, IDictionary<string, string[]> mistakes)
    {
        var filter = new MessageFilter
        {
            Channel = Text(query, "channel"),
            Recipient = Text(query, "recipient"),
            DeliveryId = Text(query, "deliveryId"),
            After = Number(query, "after", 0, mistakes),
            Limit = (int?)Number(query, "limit", 1, mistakes),
        };
        if (filter.Channel is { } channel && !ContractNames.TryParse(channel, out Channel _))
        {
            mistakes["channel"] = [$"Must be one of {string.Join(", ", ContractNames.Channels.Select(c => c.Name()))}."];
        }
        return filter;
    }

    /// <summary>The wanted messages, and how many there are regardless of <see cref="After"/> and <see cref="Limit"/>.</summary>
    public (IReadOnlyList<SandboxMessage> Page, int Total) Apply(IReadOnlyList<SandboxMessage> messages)
    {
        var matching = messages.Where(Matches).ToList();
        IEnumerable<SandboxMessage> page = After is { } after ? matching.Where(m => m.Sequence > after) : matching;
        if (Limit is { } limit)
        {
            page = After is null ? page.TakeLast(limit) : page.Take(limit);
        }
        return ([.. page], matching.Count);
    }

    private bool Matches(SandboxMessage message) =>
        (Channel is null || message.Channel == Channel)
        && (Recipient is null || string.Equals(message.To, Recipient, StringComparison.OrdinalIgnoreCase))
        && (DeliveryId is null || message.DeliveryId == DeliveryId || message.AttemptId == DeliveryId);

    private static string? Text(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    private static long? Number(IQueryCollection query, string name, long minimum, IDictionary<string, string[]> mistakes)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum)
        {
            return number;
        }
        mistakes[name] = [$"Must be a whole number from {minimum}."];
        return null;
    }
}
