using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>Everything in the templates' folder, as text.</summary>
internal sealed class TemplateLibrary
{
    private const string Extension = ".hbs";
    private const string LayoutFolder = "_layouts";
    private const string PartialFolder = "_partials";
    private const string WordsFolder = "_words";
    private const string WordsName = "unsubscribe";
    private const string WordsExtension = ".json";
    private const string CategoryPrefix = "category.";

    /// <summary>The template of digests. No event can name it.</summary>
    public const string Digest = "_digest";

    /// <summary>The layout of the page behind unsubscribe links.</summary>
    public const string Page = "unsubscribe";

    private readonly Dictionary<string, Dictionary<(Channel, string), TemplateFile>> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Locale), Part> _layouts = [];
    private readonly Dictionary<(string Name, string Locale), Part> _partials = [];
    private readonly Dictionary<(string Key, string Locale), string> _words = [];
    private readonly HashSet<string> _locales = new(StringComparer.Ordinal);
    private readonly HashSet<(string Folder, string Name, string Locale)> _ofFolder = [];

    private TemplateLibrary()
    {
    }

    /// <summary>The names of the templates for events, in order.</summary>
    public IEnumerable<string> Names => _templates.Keys.Where(name => name is not Digest).Order(StringComparer.Ordinal);

    /// <summary>The locales of the unsubscribe page's layout.</summary>
    public IEnumerable<string> PageLocales => _layouts.Keys.Where(key => key.Name is Page).Select(key => key.Locale);

    /// <summary>The partials' names, each once.</summary>
    public IEnumerable<string> Partials => _partials.Keys.Select(key => key.Name).Distinct(StringComparer.Ordinal);

    /// <summary>Every text in the folder that is Handlebars, with the file it is from.</summary>
    public IEnumerable<(string File, string Text)> Sources =>
    [
        .. _layouts.Values.Concat(_partials.Values).Select(part => (part.Path, part.Text)),
        .. _templates.Values.SelectMany(files => files.Values).SelectMany(file => file.Parts.Values.Select(part => (file.Name, part))),
    ];

    /// <summary>Whether there is such a template.</summary>
    public bool Has(string name) => _templates.ContainsKey(name);

    /// <summary>The files of a template.</summary>
    public IEnumerable<TemplateFile> FilesOf(string name) => _templates[name].Values;

    /// <summary>The file for a channel in the nearest language; <see langword="null"/> where there is none.</summary>
    public TemplateFile? Find(string name, Channel channel, string? locale) => Nearest(_templates[name], channel, locale);

    /// <summary>A layout in the nearest language; <see langword="null"/> where there is none.</summary>
    public string? Layout(string name, string? locale) => Nearest(_layouts, name, locale)?.Text;

    /// <summary>A partial in the nearest language; <see langword="null"/> where there is none.</summary>
    public string? Partial(string name, string? locale) => Nearest(_partials, name, locale)?.Text;

    /// <summary>A word of the unsubscribe line and page in the nearest language.</summary>
    public string Word(string key, string? locale) => Nearest(_words, key, locale)!;

    /// <summary>The title of a category in the nearest language; <see langword="null"/> where no file has one.</summary>
    public string? CategoryTitle(string category, string? locale) => Nearest(_words, CategoryPrefix + category, locale);

    /// <summary>
    /// The nearest locale that any file has; there are as many as there are in the folder, whatever locales recipients have.
    /// </summary>
    public string NearestLocale(string? locale) => TemplateLocales.Fallback(locale).First(one => one.Length == 0 || _locales.Contains(one));

    /// <summary>
    /// Reads <c>{template}/{channel}[.{locale}].hbs</c>, <c>_layouts/{name}[.{locale}].hbs</c>, <c>_partials/{name}[.{locale}].hbs</c> and
    /// <c>_words/unsubscribe[.{locale}].json</c>. What the service itself says has files of its own, whose place these can take.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="defaultLocale">The language of the files without a locale.</param>
    /// <exception cref="TemplateFileException">There is no such folder, or a file in it that is not in order.</exception>
    public static TemplateLibrary Read(string folder, string defaultLocale)
    {
        if (!Directory.Exists(folder))
        {
            throw new TemplateFileException("There is no such folder.");
        }
        var library = new TemplateLibrary();
        foreach (var (below, file, content) in BuiltInTemplates.For(defaultLocale))
        {
            library.Add(below, file, content, isOurs: true);
        }
        foreach (var below in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var extension = Path.GetFileName(below) is WordsFolder ? WordsExtension : Extension;
            foreach (var path in Directory.EnumerateFiles(below, "*" + extension).Order(StringComparer.Ordinal))
            {
                library.Add(Path.GetFileName(below), Path.GetFileNameWithoutExtension(path), TextOf(path), isOurs: false);
            }
        }
        foreach (var file in library._templates.Values.SelectMany(files => files.Values)
            .Where(file => file.Layout is { } layout && library.Layout(layout, file.Locale) is null))
        {
            throw new TemplateFileException($"{file.Name}: there is no layout '{file.Layout}' in its language, and no default one.");
        }
        return library;
    }

    private static string TextOf(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return Utf8Text.FaultyLine(bytes) is { } line
            ? throw new TemplateFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}, line {line}: it is not UTF-8."))
            : Utf8Text.Read(bytes)!;
    }

    private void Add(string folder, string file, string content, bool isOurs)
    {
        var path = $"{folder}/{file}{(folder is WordsFolder ? WordsExtension : Extension)}";
        var (name, locale) = file.Split('.', 2) is [var first, var second] ? (first, second) : (file, TemplateLocales.Default);
        if (locale.Length > 0 && !string.Equals(LanguageTag.Normalize(locale), locale, StringComparison.Ordinal))
        {
            throw new TemplateFileException($"{path}: '{locale}' is no locale as it is usually written, such as de or de-AT.");
        }
        var key = TemplateLocales.KeyOf(locale);
        // Two codes may stand for one language.
        if (!isOurs && !_ofFolder.Add((folder, name, key)))
        {
            throw new TemplateFileException($"{path}: there is another file for this language, under another code for it.");
        }
        _locales.Add(key);
        if (folder is LayoutFolder or PartialFolder)
        {
            (folder is LayoutFolder ? _layouts : _partials)[(name, key)] = new Part(path, content.ReplaceLineEndings("\n").TrimEnd('\n'));
        }
        else if (folder is WordsFolder)
        {
            AddWords(path, name, key, content);
        }
        else if (folder is not Digest && !TemplateName.IsValid(folder))
        {
            throw new TemplateFileException($"{folder}: {TemplateName.Form}");
        }
        else if (!Notify.Functions.Contract.ContractNames.TryParse(name, out Channel channel))
        {
            throw new TemplateFileException($"{path}: a file is named for its channel, one of email, sms, push, in_app.");
        }
        else
        {
            if (!_templates.TryGetValue(folder, out var files))
            {
                _templates.Add(folder, files = []);
            }
            files[(channel, key)] = TemplateFile.Parse(path, channel, locale, content);
        }
    }

    // The first file is the service's own, and has every word.
    private void AddWords(string path, string name, string locale, string content)
    {
        if (name is not WordsName)
        {
            throw new TemplateFileException(
                $"{path}: the words are in {WordsName}{WordsExtension} and {WordsName}.LOCALE{WordsExtension}.");
        }
        var known = _words.Keys.Select(key => key.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, text) in ReadWords(path, content))
        {
            if (known.Count > 0 && !known.Contains(key) && !key.StartsWith(CategoryPrefix, StringComparison.Ordinal))
            {
                throw new TemplateFileException($"{path}: there is no word '{key}'.");
            }
            _words[(key, locale)] = text;
        }
    }

    private static Dictionary<string, string> ReadWords(string path, string content)
    {
        try
        {
            var words = JsonSerializer.Deserialize<Dictionary<string, string?>>(content) ?? [];
            return words.ToDictionary(word => word.Key, word => word.Value is { Length: > 0 } text ? text : throw new JsonException(),
                StringComparer.Ordinal);
        }
        catch (JsonException fault)
        {
            throw new TemplateFileException($"{path}: this is no JSON object of texts.", fault);
        }
    }

    private static TValue? Nearest<TKey, TValue>(Dictionary<(TKey, string), TValue> all, TKey key, string? locale) where TValue : class =>
        TemplateLocales.Fallback(locale).Select(one => all.GetValueOrDefault((key, one))).FirstOrDefault(found => found is not null);

    /// <summary>A layout or a partial.</summary>
    /// <param name="Path">The file's path below the folder.</param>
    /// <param name="Text">What is in it.</param>
    private sealed record Part(string Path, string Text);
}
