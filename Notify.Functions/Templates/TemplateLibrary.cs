using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>Everything in the templates' folder, as text.</summary>
internal sealed class TemplateLibrary
{
    private const string Extension = ".hbs";
    private const string LayoutFolder = "_layouts";
    private const string PartialFolder = "_partials";

    private readonly Dictionary<string, Dictionary<(Channel, string), TemplateFile>> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Locale), Part> _layouts = [];
    private readonly Dictionary<(string Name, string Locale), Part> _partials = [];
    private readonly HashSet<string> _locales = new(StringComparer.Ordinal);

    private TemplateLibrary()
    {
    }

    /// <summary>The templates' names, in order.</summary>
    public IEnumerable<string> Names => _templates.Keys.Order(StringComparer.Ordinal);

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

    /// <summary>The nearest locale that any file has; there are as many as there are in the folder, whatever locales recipients have.</summary>
    public string NearestLocale(string? locale) => TemplateLocales.Fallback(locale).First(one => one.Length == 0 || _locales.Contains(one));

    /// <summary>Reads <c>{template}/{channel}[.{locale}].hbs</c>, <c>_layouts/{name}[.{locale}].hbs</c> and <c>_partials/{name}[.{locale}].hbs</c>.</summary>
    /// <exception cref="TemplateFileException">There is no such folder, or a file in it that is not in order.</exception>
    public static TemplateLibrary Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TemplateFileException("There is no such folder.");
        }
        var library = new TemplateLibrary();
        foreach (var below in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            foreach (var path in Directory.EnumerateFiles(below, "*" + Extension).Order(StringComparer.Ordinal))
            {
                library.Add(Path.GetFileName(below), Path.GetFileNameWithoutExtension(path), TextOf(path));
            }
        }
        foreach (var file in library._templates.Values.SelectMany(files => files.Values).Where(file => file.Layout is { } layout && library.Layout(layout, file.Locale) is null))
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
                CultureInfo.InvariantCulture, $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}, line {line}: it is not UTF-8."))
            : Utf8Text.Read(bytes)!;
    }

    private void Add(string folder, string file, string content)
    {
        var path = $"{folder}/{file}{Extension}";
        var (name, locale) = file.Split('.', 2) is [var first, var second] ? (first, second) : (file, TemplateLocales.Default);
        if (locale.Length > 0 && !string.Equals(LanguageTag.Normalize(locale), locale, StringComparison.Ordinal))
        {
            throw new TemplateFileException($"{path}: '{locale}' is no locale as it is usually written, such as de or de-AT.");
        }
        var key = TemplateLocales.KeyOf(locale);
        _locales.Add(key);
        if (folder is LayoutFolder or PartialFolder)
        {
            var part = new Part(path, content.ReplaceLineEndings("\n").TrimEnd('\n'));
            Add(folder is LayoutFolder ? _layouts : _partials, (name, key), part, path);
        }
        else if (!TemplateName.IsValid(folder))
        {
            throw new TemplateFileException($"{folder}: {TemplateName.Form}");
        }
        else if (!Notify.Functions.Contract.Names.TryParse(name, out Channel channel))
        {
            throw new TemplateFileException($"{path}: a file is named for its channel, one of email, sms, push, in_app.");
        }
        else
        {
            if (!_templates.TryGetValue(folder, out var files))
            {
                _templates.Add(folder, files = []);
            }
            Add(files, (channel, key), TemplateFile.Parse(path, channel, locale, content), path);
        }
    }

    // Two codes may stand for one language.
    private static void Add<TKey, TValue>(Dictionary<TKey, TValue> all, TKey key, TValue value, string path) where TKey : notnull
    {
        if (!all.TryAdd(key, value))
        {
            throw new TemplateFileException($"{path}: there is another file for this language, under another code for it.");
        }
    }

    private static TValue? Nearest<TKey, TValue>(Dictionary<(TKey, string), TValue> all, TKey key, string? locale) where TValue : class =>
        TemplateLocales.Fallback(locale).Select(one => all.GetValueOrDefault((key, one))).FirstOrDefault(found => found is not null);

    /// <summary>A layout or a partial.</summary>
    /// <param name="Path">The file's path below the folder.</param>
    /// <param name="Text">What is in it.</param>
    private sealed record Part(string Path, string Text);
}
