using System.Text.RegularExpressions;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>The queue service's rules for names, and the trigger's for poison queues.</summary>
internal static partial class QueueNames
{
    private const string PoisonSuffix = "-poison";

    /// <summary>
    /// Where messages go that failed too often; <see langword="null"/> for a queue that is a poison queue itself, which has none: its
    /// failed messages come again when their lease ends, for ever.
    /// </summary>
    public static string? PoisonOf(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return queue.EndsWith(PoisonSuffix, StringComparison.Ordinal) ? null : queue + PoisonSuffix;
    }

    /// <summary>Whether the queue service takes this name: 3–63 lower-case letters, digits and single hyphens between them.</summary>
    public static bool IsValid(string queue) => queue is { Length: >= 3 and <= 63 } && Pattern().IsMatch(queue);

    /// <summary>Refuses a name that the queue service would refuse.</summary>
    public static void Check(string queue)
    {
        if (!IsValid(queue))
        {
            throw new ArgumentException(
                $"'{queue}' is no queue name: 3 to 63 lower-case letters and digits, with single hyphens between them.", nameof(queue));
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
