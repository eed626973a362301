using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.SendGrid;

/// <summary>
/// What is wrong with a mail, gathered as SendGrid gathers it: all of it in one answer
/// (<see href="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors">errors</see>).
/// </summary>
internal sealed class MailFaults
{
    private const string HelpPage = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message.";

    private readonly JsonArray _errors = [];

    public bool Any => _errors.Count > 0;

    /// <summary>Adds one, at a field such as <c>personalizations.0.to</c>.</summary>
    public void Add(string field, string message) => _errors.Add((JsonNode)new JsonObject
    {
        ["message"] = message,
        ["field"] = field,
        ["help"] = HelpPage + string.Join('.', field.Split('.').Where(part => !part.All(char.IsAsciiDigit))),
    });

    /// <summary>Whether a value has the type that a field asks for; adds what is wrong where it has not.</summary>
    public bool Expect(string field, JsonElement value, JsonValueKind kind)
    {
        if (value.ValueKind == kind)
        {
            return true;
        }
        Add(field, $"Invalid type. Expected: {TypeName(kind)}, given: {TypeName(value.ValueKind)}.");
        return false;
    }

    /// <summary>Adds every property that an object must not have.</summary>
    public void ExpectOnly(string field, JsonElement json, IReadOnlySet<string> allowed)
    {
        foreach (var property in json.EnumerateObject().Where(p => !allowed.Contains(p.Name)))
        {
            Add(field, $"Additional property {property.Name} is not allowed");
        }
    }

    public ProviderAnswer ToAnswer() =>
        ProviderAnswer.Json(StatusCodes.Status400BadRequest, new JsonObject { ["errors"] = _errors.DeepClone() });

    /// <summary>An error that is not about a field's value.</summary>
    public static ProviderAnswer Single(int status, string message, string? field = null) => ProviderAnswer.Json(
        status,
        new JsonObject
        {
            ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["field"] = field, ["help"] = null }),
        });

    private static string TypeName(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
