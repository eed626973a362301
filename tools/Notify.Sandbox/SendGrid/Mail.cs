namespace Notify.Sandbox.SendGrid;

/// <summary>A mail as it was read.</summary>
internal sealed class Mail
{
    public string From { get; set; } = "";

    public string? Subject { get; set; }

    /// <summary>The plain text where there is one, else the first of the other bodies.</summary>
    public string? Body { get; set; }

    /// <summary>The HTML, where there is one.</summary>
    public string? Html { get; set; }

    public List<string> Categories { get; } = [];

    /// <summary>The arguments of every personalization that does not set its own.</summary>
    public Dictionary<string, string> CustomArgs { get; } = new(StringComparer.Ordinal);

    /// <summary>Headers of every letter that does not set its own.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a template stands in for subject and content.</summary>
    public bool HasTemplate { get; set; }

    /// <summary>Whether the mail is only to be checked (<c>mail_settings.sandbox_mode</c>).</summary>
    public bool CheckOnly { get; set; }

    public List<Personalization> Personalizations { get; } = [];
}

/// <summary>One letter of a mail.</summary>
internal sealed class Personalization
{
    /// <summary>To, cc and bcc: each gets the letter, and events of its own.</summary>
    public List<string> Recipients { get; } = [];

    public string? From { get; set; }

    public string? Subject { get; set; }

    public Dictionary<string, string> CustomArgs { get; } = new(StringComparer.Ordinal);

    /// <summary>Headers that are added to the letter.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Text to replace in subject and content.</summary>
    public Dictionary<string, string> Substitutions { get; } = new(StringComparer.Ordinal);

    /// <summary>A text with this letter's substitutions done.</summary>
    public string? Fill(string? text) => Substitutions.Aggregate(text, (t, s) => t?.Replace(s.Key, s.Value, StringComparison.Ordinal));
}
