using System.Text.RegularExpressions;

namespace Notify.Sandbox.Common;

/// <summary>Finds the service's own name for a message in what a provider calls metadata.</summary>
internal static partial class AttemptIds
{
    /// <summary>The name under which the service's senders put it.</summary>
    private const string Name = "attempt";

    /// <summary>
    /// A value that has the form of an attempt id, <c>{delivery id}~{n}</c>: the one of that name, else the first of another.
    /// </summary>
    public static string? Find(IEnumerable<KeyValuePair<string, string>> metadata) => metadata
        .OrderBy(entry => entry.Key == Name ? 0 : 1)
        .Select(entry => entry.Value)
        .FirstOrDefault(value => AttemptId.IsMatch(value));

    /// <summary>The delivery that an attempt belongs to: what stands before the tilde.</summary>
    public static string? DeliveryOf(string? attemptId) => attemptId?[..attemptId.LastIndexOf('~')];

    [GeneratedRegex(@"^[A-Za-z0-9._:@+-]{1,200}~[0-9]{1,9}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AttemptId { get; }
}
