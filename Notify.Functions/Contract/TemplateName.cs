namespace Notify.Functions.Contract;

/// <summary>The names of templates.</summary>
internal static class TemplateName
{
    /// <summary>The longest name, in characters.</summary>
    public const int Length = 64;

    /// <summary>What a name looks like, for people.</summary>
    public const string Form = "A template's name is 1–64 characters of A–Z a–z 0–9 _ -, the first a letter or digit.";

    /// <summary>Whether a template can have the name; nothing in it leads out of the templates' folder.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: > 0 and <= Length } && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
