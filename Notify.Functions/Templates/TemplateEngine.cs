using HandlebarsDotNet;

namespace Notify.Functions.Templates;

/// <summary>Handlebars as templates are written in it, with the partials of one language; HTML is escaped, plain text is not.</summary>
internal sealed class TemplateEngine
{
    private readonly IHandlebars _handlebars;
    private readonly Lock _lock = new();

    /// <summary>Makes an engine.</summary>
    /// <param name="escapes">Whether values are escaped as HTML.</param>
    /// <param name="partials">The partials by their names.</param>
    public TemplateEngine(bool escapes, IEnumerable<KeyValuePair<string, string>> partials)
    {
        var configuration = new HandlebarsConfiguration { NoEscape = !escapes };
        configuration.FormatterProviders.Add(new TemplateFormatters());
        _handlebars = Handlebars.Create(configuration);
        TemplateHelpers.Register(_handlebars);
        foreach (var (name, source) in partials)
        {
            _handlebars.RegisterTemplate(name, source);
        }
    }

    /// <summary>Compiles a text, once a millisecond or so.</summary>
    /// <exception cref="HandlebarsException">The text is no Handlebars.</exception>
    public HandlebarsTemplate<object, object> Compile(string source)
    {
        lock (_lock)
        {
            return _handlebars.Compile(source);
        }
    }

    /// <summary>Compiles everything in a library, to find what cannot be.</summary>
    /// <exception cref="TemplateFileException">A text is no Handlebars.</exception>
    public static void Check(TemplateLibrary library)
    {
        var engine = new TemplateEngine(escapes: true, []);
        foreach (var (name, source) in library.Sources)
        {
            try
            {
                engine.Compile(source);
            }
            catch (HandlebarsException fault)
            {
                throw new TemplateFileException($"{name}: {fault.Message.ReplaceLineEndings(" ")}", fault);
            }
        }
    }
}
