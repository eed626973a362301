namespace Notify.Functions.Contract;

/// <summary>The names of the contract's enums as they stand in JSON, queue names and settings.</summary>
internal static class ContractNames
{
    /// <summary>Every channel, in the order in which they are listed to people.</summary>
    public static IReadOnlyList<Channel> Channels { get; } = [Channel.Email, Channel.Sms, Channel.Push, Channel.InApp];

    /// <summary><c>email</c>, <c>sms</c>, <c>push</c> or <c>in_app</c>.</summary>
    public static string Name(this Channel channel) => channel switch
    {
        Channel.Email => "email",
        Channel.Sms => "sms",
        Channel.Push => "push",
        Channel.InApp => "in_app",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a channel."),
    };

    /// <summary>The channel's one-letter code inside a delivery id.</summary>
    public static char Code(this Channel channel) => channel switch
    {
        Channel.Email => 'e',
        Channel.Sms => 's',
        Channel.Push => 'p',
        Channel.InApp => 'i',
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a channel."),
    };

    /// <summary><c>transactional</c>, <c>marketing</c> or <c>alert</c>.</summary>
    public static string Name(this EventType type) => type switch
    {
        EventType.Transactional => "transactional",
        EventType.Marketing => "marketing",
        EventType.Alert => "alert",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an event type."),
    };

    /// <summary><c>critical</c>, <c>high</c>, <c>normal</c> or <c>low</c>.</summary>
    public static string Name(this Priority priority) => priority switch
    {
        Priority.Critical => "critical",
        Priority.High => "high",
        Priority.Normal => "normal",
        Priority.Low => "low",
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "Not a priority."),
    };

    /// <summary>Critical and high events use the urgent topic and lanes and are never batched.</summary>
    public static bool IsUrgent(this Priority priority) => priority is Priority.Critical or Priority.High;

    /// <summary>Reads a channel's name; the match is exact, as everywhere in the contract.</summary>
    public static bool TryParse(string? name, out Channel channel) => TryFind(Channels, Name, name, out channel);

    /// <summary>Reads an event type's name.</summary>
    public static bool TryParse(string? name, out EventType type) => TryFind(Enum.GetValues<EventType>(), Name, name, out type);

    /// <summary>Reads a priority's name.</summary>
    public static bool TryParse(string? name, out Priority priority) => TryFind(Enum.GetValues<Priority>(), Name, name, out priority);

    /// <summary>Reads a channel's one-letter code.</summary>
    public static bool TryParseCode(char code, out Channel channel)
    {
        channel = Channels.FirstOrDefault(c => c.Code() == code);
        return channel != default;
    }

    private static bool TryFind<T>(IReadOnlyList<T> values, Func<T, string> nameOf, string? name, out T found) where T : struct
    {
        foreach (var value in values)
        {
            if (string.Equals(nameOf(value), name, StringComparison.Ordinal))
            {
                found = value;
                return true;
            }
        }
        found = default;
        return false;
    }
}
