using System.ComponentModel.DataAnnotations;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>Where the templates are.</summary>
public sealed class TemplatesOptions : IValidatableObject
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Templates";

    /// <summary>The folder, absolute or relative to the app's own.</summary>
    /// <value>Default: <c>templates</c>.</value>
    [Required]
    public string Folder { get; set; } = "templates";

    /// <summary>The language in which the files without a locale are written: dates and numbers in them follow it.</summary>
    /// <value>Default: <c>en</c>.</value>
    [Required]
    public string DefaultLocale { get; set; } = "en";

    /// <summary><see cref="Folder"/> as an absolute path.</summary>
    public string Path => System.IO.Path.Combine(AppContext.BaseDirectory, Folder);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LanguageTag.Normalize(DefaultLocale) is null)
        {
            yield return new ValidationResult($"{nameof(DefaultLocale)} is '{DefaultLocale}', which is no locale.");
        }
        if (FaultOf(Path, DefaultLocale) is { } fault)
        {
            yield return new ValidationResult($"{nameof(Folder)}: {fault}");
        }
    }

    // A deployment with a broken template must not start: who notices otherwise is the recipient.
    private static string? FaultOf(string folder, string defaultLocale)
    {
        try
        {
            var library = TemplateLibrary.Read(folder, defaultLocale);
            TemplateEngine.Check(library);
            new TemplatePages(library).Check();
            return null;
        }
        catch (TemplateFileException fault)
        {
            return fault.Message;
        }
    }
}
