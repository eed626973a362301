using Mono.Cecil;
using Mono.Cecil.Cil;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Architecture;

/// <summary>
/// What providers write is read by ProviderJson alone. Beside it, a name or text that is no Unicode throws wherever it is asked for:
/// GetString (which the banned symbols refuse in the whole app), and the look-up of a name.
/// </summary>
public sealed class ProviderTextTests
{
    private const string Folder = "Notify.Functions.Providers";
    private const string Helper = Folder + ".ProviderJson";

    private static readonly string[] Refused =
    [
        "System.Text.Json.JsonDocument::Parse", "System.Text.Json.JsonDocument::ParseAsync", "System.Text.Json.JsonDocument::ParseValue",
        "System.Text.Json.JsonElement::GetString", "System.Text.Json.JsonElement::TryGetProperty",
        "System.Text.Json.JsonElement::GetProperty",
        "System.Text.Json.JsonElement::ValueEquals", "System.Text.Json.JsonProperty::get_Name", "System.Text.Json.JsonProperty::NameEquals",
        "System.Text.Json.JsonSerializer::Deserialize", "System.Text.Json.JsonSerializer::DeserializeAsync",
        "System.Text.Json.Nodes.JsonNode::Parse",
        "System.Text.Json.Utf8JsonReader::GetString",
    ];

    [Fact]
    public void Only_one_class_reads_the_JSON_of_providers()
    {
        using var module = ModuleDefinition.ReadModule(typeof(NotifyApp).Assembly.Location);
        var calls = from type in module.GetTypes()
                    where IsOfProviders(type)
                    from method in type.Methods.Where(method => method.HasBody)
                    from instruction in method.Body.Instructions
                    where instruction.OpCode.FlowControl == FlowControl.Call || instruction.OpCode.Code == Code.Ldftn
                    let called = instruction.Operand as MethodReference
                    where called is not null && Refused.Contains($"{called.DeclaringType.FullName}::{called.Name}")
                    select (Type: Outermost(type).FullName, Call: $"{called.DeclaringType.Name}.{called.Name}");

        Assert.NotEmpty(calls);
        Assert.Empty(calls.Where(call => call.Type != Helper).Select(call => $"{call.Type} → {call.Call}"));
    }

    [Fact]
    public void GetString_is_a_banned_symbol_of_the_app()
    {
        Assert.StartsWith("M:System.Text.Json.JsonElement.GetString;", RepositoryRoot.Read("eng", "BannedSymbols.Json.txt"),
            StringComparison.Ordinal);
        Assert.Contains("../eng/BannedSymbols.Json.txt", RepositoryRoot.Read("Notify.Functions", "Notify.Functions.csproj"),
            StringComparison.Ordinal);
    }

    private static bool IsOfProviders(TypeDefinition type) =>
        Outermost(type).Namespace is var space && (space == Folder || space.StartsWith(Folder + ".", StringComparison.Ordinal));

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
