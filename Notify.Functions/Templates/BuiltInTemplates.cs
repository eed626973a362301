namespace Notify.Functions.Templates;

/// <summary>
/// The files of what the service itself says: digests, the unsubscribe line under mails and the page behind it. They are part of the
/// assembly, each language in files of its own, so that a deployment's folder needs none of them.
/// </summary>
internal static class BuiltInTemplates
{
    private const string Prefix = "templates/";
    private const string Fallback = "en";

    /// <summary>
    /// The files as a folder would have them whose files without a locale are in this language. English takes its place where there are
    /// none in it.
    /// </summary>
    public static IEnumerable<(string Folder, string File, string Content)> For(string defaultLocale)
    {
        var files = Read();
        var language = defaultLocale.Split('-')[0];
        var stands = files.Any(file => string.Equals(file.Locale, language, StringComparison.Ordinal)) ? language : Fallback;
        foreach (var (folder, name, locale, content) in files)
        {
            if (locale.Length == 0 || string.Equals(locale, stands, StringComparison.Ordinal))
            {
                yield return (folder, name, content);
            }
            if (locale.Length > 0 && !string.Equals(locale, language, StringComparison.Ordinal))
            {
                yield return (folder, $"{name}.{locale}", content);
            }
        }
    }

    private static List<(string Folder, string Name, string Locale, string Content)> Read()
    {
        var assembly = typeof(BuiltInTemplates).Assembly;
        var files = new List<(string, string, string, string)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var path = resource[Prefix.Length..];
            var parts = Path.GetFileNameWithoutExtension(path).Split('.', 2);
            files.Add((Path.GetDirectoryName(path)!, parts[0], parts.Length > 1 ? parts[1] : TemplateLocales.Default, reader.ReadToEnd()));
        }
        return files;
    }
}
