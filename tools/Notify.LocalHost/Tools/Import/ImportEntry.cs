using System.Text.Json;
using System.Text.Json.Nodes;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.LocalHost.Tools.Import;

/// <summary>
/// What a record asks for: a profile, with topics to subscribe to, where it has an <c>id</c>; one subscription where it has a
/// <c>recipient</c> and a <c>topic</c>.
/// </summary>
/// <param name="Profile">The profile to put.</param>
/// <param name="Subscriptions">The subscriptions to add.</param>
internal sealed record ImportEntry(RecipientProfile? Profile, IReadOnlyList<ImportSubscription> Subscriptions)
{
    /// <summary>Reads a record, or says everything that is wrong with it, without quoting any of it.</summary>
    public static (ImportEntry? Entry, string? Fault) Read(ImportLine line)
    {
        if (line.Record is not { } record)
        {
            return (null, line.Fault);
        }
        var faults = new List<string>();
        var tenant = Take(record, "tenant") is { } named ? Checked(named, "tenant", AddressSyntax.IsId, faults) : null;
        return record.ContainsKey("topic") || record.ContainsKey("recipient")
            ? Subscription(record, tenant, faults) : Recipient(record, tenant, faults);
    }

    private static (ImportEntry? Entry, string? Fault) Subscription(JsonObject record, string? tenant, List<string> faults)
    {
        var topic = Checked(Take(record, "topic"), "topic", AddressSyntax.IsId, faults);
        var recipient = Checked(Take(record, "recipient"), "recipient", text => AddressNormalizer.Recipient(text) is not null, faults);
        if (record.Count > 0)
        {
            faults.Add("a subscription has recipient, topic and tenant only");
        }
        return faults.Count > 0
            ? (null, Said(faults)) : (new ImportEntry(Profile: null, [new ImportSubscription(tenant, topic!, recipient!)]), null);
    }

    private static (ImportEntry? Entry, string? Fault) Recipient(JsonObject record, string? tenant, List<string> faults)
    {
        var id = Checked(Take(record, "id"), "id", AddressSyntax.IsUser, faults);
        var topics = new List<string>();
        if (record.Remove("topics", out var listed))
        {
            topics = listed is JsonArray array
                ? [.. array.Select(one => Checked(one, "topics", AddressSyntax.IsId, faults)).OfType<string>()] : [];
            if (listed is not JsonArray)
            {
                faults.Add("topics is a list");
            }
        }
        using var rest = JsonDocument.Parse(record.ToJsonString());
        var (profile, found) = ProfileReader.Read(tenant, id ?? "?", rest.RootElement);
        faults.AddRange(found.Select(fault => $"{fault.Field}: {fault.Detail}"));
        return faults.Count > 0 || profile is null
            ? (null, Said(faults))
            : (new ImportEntry(profile, [.. topics.Select(topic => new ImportSubscription(tenant, topic, id!))]), null);
    }

    private static JsonNode? Take(JsonObject record, string name) =>
        record.Remove(name, out var value) ? value ?? JsonValue.Create(string.Empty) : null;

    private static string? Checked(JsonNode? value, string name, Func<string, bool> isValid, List<string> faults)
    {
        if (value is JsonValue one && one.TryGetValue<string>(out var text) && isValid(text))
        {
            return text;
        }
        faults.Add(value is null ? $"{name} is missing" : $"{name} is not valid");
        return null;
    }

    private static string Said(List<string> faults) => string.Join("; ", faults);
}

/// <summary>A subscription to add.</summary>
internal sealed record ImportSubscription(string? Tenant, string Topic, string Recipient);
