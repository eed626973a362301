using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CsvHelper;
using Notify.Functions.Contract;

namespace Notify.LocalHost.Tools.Import;

/// <summary>Reads the records of a file one after the other, never all in memory: <c>.csv</c> with a header, or JSON Lines.</summary>
internal static class ImportLines
{
    private const string NotUtf8 = "It is not UTF-8.";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Whether a file's name says that it is CSV.</summary>
    public static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Streams the records; one that cannot be read comes with what is wrong with it.</summary>
    public static IAsyncEnumerable<ImportLine> ReadAsync(string path, CancellationToken cancellationToken) =>
        IsCsv(path) ? ReadCsvAsync(path, cancellationToken) : ReadJsonAsync(path, cancellationToken);

    private static async IAsyncEnumerable<ImportLine> ReadJsonAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in FileLines.ReadAsync(path, cancellationToken))
        {
            if (line.Text is not { } text)
            {
                yield return new ImportLine(line.Number, Record: null, NotUtf8);
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                yield return Parse(line.Number, text);
            }
        }
    }

    private static ImportLine Parse(int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (!NotifyJson.IsText(document.RootElement))
            {
                return new ImportLine(number, Record: null, "It holds text that is not valid Unicode.");
            }
            return JsonObject.Create(document.RootElement.Clone()) is { } record
                ? new ImportLine(number, record)
                : new ImportLine(number, Record: null, "It is no JSON object.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return new ImportLine(number, Record: null, "It is no JSON object.");
        }
    }

    private static async IAsyncEnumerable<ImportLine> ReadCsvAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isBad = false;
        var options = new CsvReaderOptions { TrimWhitespace = true, TrackLineNumbers = true, OnMalformedRecord = _ => isBad = true };
        using var reader = CsvReader.FromFile(path, options);
        await reader.ReadHeaderAsync(cancellationToken);
        if (reader.Headers.Any(name => name.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            // Nobody knows whose columns the others are.
            yield return new ImportLine((int)reader.LineNumber, Record: null, "The header is not UTF-8; nothing was read.");
            yield break;
        }
        isBad = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!Utf8.IsValid(reader.RawRecord))
            {
                yield return new ImportLine((int)reader.LineNumber, Record: null, NotUtf8);
            }
            else if (isBad || reader.FieldCount > reader.Headers.Count)
            {
                yield return new ImportLine((int)reader.LineNumber, Record: null, isBad
                    ? "A quote stands where none can." : "It has more cells than the header.");
            }
            else
            {
                yield return new ImportLine((int)reader.LineNumber, RecordOf(reader.Headers, reader.Current.ToArray()));
            }
            isBad = false;
        }
    }

    // Empty cells say nothing; lists are separated by blanks; attributes have a column each.
    private static JsonObject RecordOf(IReadOnlyList<string> header, string[] cells)
    {
        var record = new JsonObject();
        foreach (var (name, text) in header.Zip(cells).Where(cell => cell.Second.Length > 0))
        {
            if (name is "pushTokens" or "topics")
            {
                record[name] = new JsonArray([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => (JsonNode)one)]);
            }
            else if (name.StartsWith("attributes.", StringComparison.Ordinal))
            {
                (record["attributes"] ??= new JsonObject())[name["attributes.".Length..]] = text;
            }
            else
            {
                record[name] = text;
            }
        }
        return record;
    }
}

/// <summary>One record of a file.</summary>
/// <param name="Number">Its line, from 1; the first one where it has several.</param>
/// <param name="Record">What it says.</param>
/// <param name="Fault">Why it cannot be read.</param>
internal sealed record ImportLine(int Number, JsonObject? Record, string? Fault = null);
