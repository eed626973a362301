using System.Collections.Concurrent;
using HandlebarsDotNet;

namespace Notify.Functions.Templates;

/// <summary>
/// Puts the layout <c>unsubscribe</c> around what the page behind unsubscribe links shows. Its variables are <c>subject</c>, <c>body</c>
/// and <c>language</c>.
/// </summary>
internal sealed class TemplatePages(TemplateLibrary library)
{
    private readonly ConcurrentDictionary<string, Lazy<HandlebarsTemplate<object, object>>> _layouts = new(StringComparer.Ordinal);

    /// <summary>The page.</summary>
    /// <param name="title">Its title, as text.</param>
    /// <param name="body">What it shows, as HTML.</param>
    /// <param name="locale">The recipient's locale, if known.</param>
    public string Render(string title, string body, string? locale) =>
        _layouts.GetOrAdd(library.NearestLocale(locale), nearest => new(() => Compile(nearest))).Value(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["subject"] = title,
            ["body"] = body,
            ["language"] = library.Word("language", locale)
        });

    /// <summary>Renders a page in each language, to find what cannot be.</summary>
    /// <exception cref="TemplateFileException">A layout asks for what the page does not have.</exception>
    public void Check()
    {
        foreach (var locale in library.PageLocales)
        {
            try
            {
                Render("title", "body", locale);
            }
            catch (Exception fault)
            {
                throw new TemplateFileException(
                    $"_layouts/{TemplateLibrary.Page}, locale '{locale}': {fault.Message.ReplaceLineEndings(" ")}", fault);
            }
        }
    }

    private HandlebarsTemplate<object, object> Compile(string locale) =>
        new TemplateEngine(escapes: true, library.Partials.Select(name => KeyValuePair.Create(name, library.Partial(name, locale)))
            .OfType<KeyValuePair<string, string>>())
            .Compile(library.Layout(TemplateLibrary.Page, locale)!);
}
