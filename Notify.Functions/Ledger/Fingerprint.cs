using System.Globalization;
using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>
/// What an event says, as a keyed hash, so that a name that is used twice can be told to say two things. It is kept beside the name.
/// </summary>
/// <param name="Hash">The rules by which it was made, a character, and the hash of <see cref="CanonicalEvent"/>.</param>
/// <param name="StatedAt">The event's time, where the producer has stated one.</param>
internal sealed record Fingerprint(string Hash, DateTimeOffset? StatedAt)
{
    /// <summary>The column of heads and of names' rows.</summary>
    public const string Column = "fingerprint";

    /// <summary>
    /// Fingerprints of other rules are not compared. Count it up where an event that was accepted before would get another hash: where what
    /// is hashed changes, or how a field is read (a normal form of addresses, for instance).
    /// </summary>
    public const char Rules = '1';

    /// <summary>Reads a column or a mark; <see langword="null"/> where there is none, as an earlier version left it.</summary>
    public static Fingerprint? Parse(string? text) => text?.Split('.') switch
    {
        [{ Length: > 1 } hash] => new Fingerprint(hash, StatedAt: null),
        [{ Length: > 1 } hash, var time] when long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            => new Fingerprint(hash, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)),
        _ => null,
    };

    /// <summary>
    /// Whether the two are of events that say different things. A time that one of them left to the service is no difference, and neither
    /// is what is not known.
    /// </summary>
    public bool Contradicts(Fingerprint? other) =>
        other is not null && Hash[0] == other.Hash[0]
        && (!string.Equals(Hash, other.Hash, StringComparison.Ordinal)
            || (StatedAt is { } own && other.StatedAt is { } others && own != others));

    /// <summary>The column's text, without blanks.</summary>
    public override string ToString() =>
        StatedAt is { } time ? string.Create(CultureInfo.InvariantCulture, $"{Hash}.{time.ToUnixTimeMilliseconds()}") : Hash;
}
