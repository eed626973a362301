using System.Text.RegularExpressions;

namespace Notify.LocalHost.Sandbox;

/// <summary>Finds the service's own name for a message in what a provider calls metadata.</summary>
internal static partial class AttemptIds
{
    /// <summary>The first value that has the form of an attempt id, <c>{delivery id}~{n}</c>, whatever it is called.</summary>
    public static string? Find(IEnumerable<string> metadata) => metadata.FirstOrDefault(value => AttemptId.IsMatch(value));

    /// <summary>The delivery that an attempt belongs to: what stands before the tilde.</summary>
    public static string? DeliveryOf(string? attemptId) => attemptId?[..attemptId.LastIndexOf('~')];

    [GeneratedRegex(@"^[A-Za-z0-9._:@+-]{1,200}~[0-9]{1,9}$", RegexOptions.NonBacktracking)]
    private static partial Regex AttemptId { get; }
}
