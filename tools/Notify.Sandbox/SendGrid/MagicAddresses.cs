namespace Notify.Sandbox.SendGrid;

/// <summary>What becomes of an email, by how the part before the <c>@</c> begins.</summary>
internal static class MagicAddresses
{
    /// <summary>The fate of every address that is not listed.</summary>
    public static EmailFate Delivered { get; } = new(EventKinds.Processed, EventKinds.Delivered);

    /// <summary>A mailbox that does not exist.</summary>
    public static EmailFate Bounced { get; } = new(EventKinds.Processed, EventKinds.Bounce);

    /// <summary>In this order; the first beginning that fits counts.</summary>
    public static IReadOnlyList<KeyValuePair<string, EmailFate>> Fates { get; } =
    [
        new("bounce", Bounced),
        new("blocked", new EmailFate(EventKinds.Processed, EventKinds.Bounce) { Blocked = true }),
        new("dropped", new EmailFate(EventKinds.Dropped)),
        new("deferred", new EmailFate(EventKinds.Processed, EventKinds.Deferred, EventKinds.Delivered)),
        new("opens", new EmailFate(EventKinds.Processed, EventKinds.Delivered, EventKinds.Open)),
        new("clicks", new EmailFate(EventKinds.Processed, EventKinds.Delivered, EventKinds.Open, EventKinds.Click)),
        new("complains", new EmailFate(EventKinds.Processed, EventKinds.Delivered, EventKinds.SpamReport)),
        new("unsubscribes", new EmailFate(EventKinds.Processed, EventKinds.Delivered, EventKinds.Unsubscribe)),
        new("silent", new EmailFate(EventKinds.Processed)),
    ];

    /// <summary>What is reported of an email to this address.</summary>
    public static EmailFate FateOf(string address) =>
        Fates.FirstOrDefault(f => address.StartsWith(f.Key, StringComparison.OrdinalIgnoreCase)).Value ?? Delivered;
}

/// <summary>The events of one email, in the order in which they happen.</summary>
internal sealed record EmailFate(params string[] Events)
{
    /// <summary>Whether the bounce is a block: refused for now, while the address is good.</summary>
    public bool Blocked { get; init; }
}
