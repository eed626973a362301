using FsCheck;
using FsCheck.Fluent;

namespace Notify.Functions.Tests.Sending.Sms;

/// <summary>
/// Texts of what counts differently: basic and extension characters of GSM-7, other letters, pairs and halves of them, and typography.
/// </summary>
internal static class AnySmsText
{
    private static readonly string[] Plain = ["a", "Z", "@", "\n", "€", "["];
    private static readonly string[] Typography = ["“", "’", "—", "…", "\u200B"];
    private static readonly string[] Others = ["Ж", "😀", "\uD83D", "\uDE00"];

    public static Arbitrary<SmsTyped> Texts() => Arb.From(
        Gen.OneOf(Of(Plain), Of(["…", "€"]), Of([.. Plain, .. Typography]), Of([.. Plain, .. Typography, .. Others])),
        text => ArbMap.Default.ArbFor<string[]>().Shrinker(text.Parts)
            .Where(parts => parts.All(text.Parts.Contains)).Select(parts => new SmsTyped(parts)));

    private static Gen<SmsTyped> Of(string[] parts) => Gen.Elements(parts).ArrayOf().Select(some => new SmsTyped(some));
}

/// <summary>A text and what it was put together from.</summary>
public sealed record SmsTyped(string[] Parts)
{
    public string Text => string.Concat(Parts);

    public override string ToString() => $"\"{Text}\" ({Text.Length})";
}
