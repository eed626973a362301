using System.Collections.Concurrent;
using System.Globalization;
using HandlebarsDotNet;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Templates;

/// <summary>Finds templates by name, channel and language; each is compiled once, when it is first used.</summary>
public sealed class TemplateRenderer(IOptions<TemplatesOptions> options, IOptions<RecipientsOptions> recipients)
{
    private const int MostNamed = 20;
    private readonly TemplateLibrary _library = TemplateLibrary.Read(options.Value.Path, options.Value.DefaultLocale);
    private readonly ConcurrentDictionary<(string Locale, bool Escapes), Lazy<TemplateEngine>> _engines = new();
    private readonly ConcurrentDictionary<(TemplateFile File, string Locale), Lazy<CompiledTemplate>> _compiled = new(new ByFile());

    /// <summary>How many templates were compiled; a number for tests and for the curious.</summary>
    internal int Compiled => _compiled.Count(pair => pair.Value.IsValueCreated);

    /// <summary>Every template.</summary>
    internal TemplateLibrary Library => _library;

    /// <summary>Which templates there are, for who has asked for another.</summary>
    internal string Known
    {
        get
        {
            var names = _library.Names.ToList();
            var more = names.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNamed} more") : "";
            return names.Count == 0 ? "There are no templates" : $"Templates: {string.Join(", ", names.Take(MostNamed))}{more}";
        }
    }

    /// <summary>The page behind unsubscribe links.</summary>
    internal TemplatePages Pages => field ??= new TemplatePages(_library);

    /// <summary>Whether there is such a template.</summary>
    public bool Has(string name) => _library.Has(name);

    /// <summary>
    /// What is wrong with the template that an event names; nothing where it names none. Whether it can be rendered is each delivery's own
    /// question.
    /// </summary>
    public IReadOnlyList<EventFault> FaultsOf(NotificationEvent notification) =>
        notification.Template is { } name && !Has(name)
            ? [new EventFault("template", "unknown", $"There is no such template. {Known}.")] : [];

    /// <summary>What an event says, to be asked for each of its deliveries.</summary>
    public EventContent ContentOf(EnvelopeEvent notification) => new(this, notification);

    /// <summary>The template for a channel in the language of a recipient, or why there is none.</summary>
    internal (CompiledTemplate? Template, Rendering? Fault) Find(string name, Channel channel, RecipientProfile recipient)
    {
        if (!_library.Has(name))
        {
            return (null, Rendering.Failed(DeliveryReasons.TemplateMissing, $"There is no template '{name}'."));
        }
        if (_library.Find(name, channel, recipient.Locale) is not { } file)
        {
            return (null, _library.FilesOf(name).Any(one => one.Channel == channel)
                ? Rendering.Failed(DeliveryReasons.TemplateLocale,
                    $"The template '{name}' has no {channel.Name()} in this language, and no default one.")
                : Rendering.Failed(DeliveryReasons.TemplateChannel, $"The template '{name}' has no {channel.Name()}."));
        }
        try
        {
            return (_compiled.GetOrAdd((file, LocaleOf(file, recipient)), key => new(() => Compile(key.File, key.Locale))).Value, null);
        }
        catch (HandlebarsException fault)
        {
            return (null, Rendering.Failed(DeliveryReasons.TemplateFaulty, $"{file.Name}: {fault.Message}"));
        }
    }

    /// <summary>What helpers need to know of a recipient.</summary>
    internal Dictionary<string, object> DataOf(TemplateFile file, RecipientProfile recipient) => new(StringComparer.Ordinal)
    {
        [TemplateHelpers.Culture] = CultureOf(file, recipient),
        [TemplateHelpers.Zone] = RecipientRules.ZoneOf(recipient, recipients.Value),
    };

    // An English mail gets no German layout, and one in German the nearest that there is.
    private string LocaleOf(TemplateFile file, RecipientProfile recipient) =>
        file.Locale.Length == 0 ? TemplateLocales.Default : _library.NearestLocale(recipient.Locale);

    private CultureInfo CultureOf(TemplateFile file, RecipientProfile recipient) =>
        TemplateLocales.Culture(file.Locale.Length > 0 ? file.Locale : options.Value.DefaultLocale, recipient.Locale);

    private CompiledTemplate Compile(TemplateFile file, string locale)
    {
        var layout = file.Layout is { } name ? _library.Layout(name, locale) : null;
        return new CompiledTemplate(
            file,
            file.Parts.ToDictionary(part => part.Key, part => Engine(locale, escapes: part.Key is TemplateFile.Html).Compile(part.Value),
                StringComparer.Ordinal),
            layout is null ? null : Engine(locale, escapes: true).Compile(layout),
            NamesRecipient([.. file.Parts.Values, .. layout is null ? [] : new[] { layout }], locale));
    }

    private TemplateEngine Engine(string locale, bool escapes) => _engines.GetOrAdd((locale, escapes), key => new(() => new TemplateEngine(
        key.Escapes, _library.Partials.Select(name => KeyValuePair.Create(name, _library.Partial(name, key.Locale)))
            .OfType<KeyValuePair<string, string>>()))).Value;

    // By the words alone, partials included: rather once too often than a recipient's name in somebody else's message.
    private bool NamesRecipient(IReadOnlyList<string> sources, string locale)
    {
        var (open, seen) = (new Queue<string>(sources), new HashSet<string>(StringComparer.Ordinal));
        while (open.TryDequeue(out var source))
        {
            if (source.Contains(TemplateVariables.Recipient, StringComparison.Ordinal))
            {
                return true;
            }
            foreach (var partial in _library.Partials.Where(name => source.Contains(name, StringComparison.Ordinal) && seen.Add(name)))
            {
                open.Enqueue(_library.Partial(partial, locale) ?? string.Empty);
            }
        }
        return false;
    }

    // A file is one object for the life of the library; comparing its texts would be a waste.
    private sealed class ByFile : IEqualityComparer<(TemplateFile File, string Locale)>
    {
        public bool Equals((TemplateFile File, string Locale) x, (TemplateFile File, string Locale) y) =>
            ReferenceEquals(x.File, y.File) && string.Equals(x.Locale, y.Locale, StringComparison.Ordinal);

        public int GetHashCode((TemplateFile File, string Locale) obj) =>
            HashCode.Combine(StringComparer.Ordinal.GetHashCode(obj.File.Name), StringComparer.Ordinal.GetHashCode(obj.Locale));
    }
}
