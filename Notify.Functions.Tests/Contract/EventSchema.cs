using System.Text.Json;
using Json.Schema;

namespace Notify.Functions.Tests.Contract;

/// <summary>A schema of <c>docs/schemas</c>, which checks formats too.</summary>
internal sealed class EventSchema
{
    private static readonly EvaluationOptions Formats = new() { RequireFormatValidation = true };

    private readonly JsonSchema _schema;

    public EventSchema(string text)
    {
        Root = JsonDocument.Parse(text).RootElement;
        // In ECMA-262 a $ is only the very end; in .NET it stands before a last line feed too.
        _schema = JsonSchema.FromText(text.Replace("$\"", "\\\\z\"", StringComparison.Ordinal), Apart());
    }

    public JsonElement Root { get; }

    public static string Text(string version) => RepositoryRoot.Read("docs", "schemas", version + ".json");

    public static EventSchema Read(string version) => new(Text(version));

    /// <summary>A registry of its own, so that changed schemas of one name do not meet.</summary>
    public static BuildOptions Apart() => new() { SchemaRegistry = new SchemaRegistry() };

    public bool IsValid(JsonElement value) => _schema.Evaluate(value, Formats).IsValid;
}
