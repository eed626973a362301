using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notify.Sandbox.SendGrid;

/// <summary>The parts that a mail and its personalizations have in common.</summary>
internal sealed partial class MailParts(MailFaults faults)
{
    /// <summary>Names and values of custom arguments together, per recipient.</summary>
    public const int MaxCustomArgsBytes = 10_000;

    private static readonly FrozenSet<string> AddressFields = FrozenSet.ToFrozenSet(["email", "name"]);

    private static readonly FrozenSet<string> ReservedHeaders =
        ("x-sg-id x-sg-eid received dkim-signature content-type content-transfer-encoding"
        + " to from subject reply-to cc bcc").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address in an object's property; <see langword="null"/> where it is absent or wrong.</summary>
    public string? Address(JsonElement json, string name, string field) =>
        json.TryGetProperty(name, out var value) ? Address(value, field) : null;

    /// <summary>The address in an object <c>{ email, name? }</c>.</summary>
    public string? Address(JsonElement value, string field)
    {
        if (!faults.Expect(field, value, JsonValueKind.Object))
        {
            return null;
        }
        faults.ExpectOnly(field, value, AddressFields);
        if (value.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String
            && EmailAddress.IsMatch(email.GetString()!))
        {
            return email.GetString();
        }
        faults.Add($"{field}.email", field == "from"
            ? "The from email does not contain a valid address." : "Does not contain a valid address.");
        return null;
    }

    /// <summary>Custom arguments: strings, and not too much of them.</summary>
    public void CustomArgs(JsonElement json, string field, IDictionary<string, string> args)
    {
        Strings(json, "custom_args", field, args);
        if (args.Sum(a => Encoding.UTF8.GetByteCount(a.Key) + Encoding.UTF8.GetByteCount(a.Value)) > MaxCustomArgsBytes)
        {
            faults.Add(field, "The combined size of custom arguments may not exceed 10,000 bytes.");
        }
    }

    /// <summary>Headers that are added to the mail: not those that SendGrid writes itself.</summary>
    public void Headers(JsonElement json, string field, IDictionary<string, string> headers)
    {
        Strings(json, "headers", field, headers);
        foreach (var name in headers.Keys.Where(h => ReservedHeaders.Contains(h)))
        {
            faults.Add(field, $"The {name} header is reserved and cannot be used.");
        }
        foreach (var name in headers.Where(h => h.Value.Contains('\n', StringComparison.Ordinal) || !h.Key.All(char.IsAscii))
            .Select(h => h.Key))
        {
            faults.Add(field, $"The {name} header is not valid: names are ASCII, values one line.");
        }
    }

    /// <summary>An object of strings.</summary>
    public void Strings(JsonElement json, string name, string field, IDictionary<string, string> values)
    {
        if (!json.TryGetProperty(name, out var map) || !faults.Expect(field, map, JsonValueKind.Object))
        {
            return;
        }
        foreach (var entry in map.EnumerateObject())
        {
            if (faults.Expect($"{field}.{entry.Name}", entry.Value, JsonValueKind.String))
            {
                values[entry.Name] = entry.Value.GetString()!;
            }
        }
    }

    [GeneratedRegex(
        @"^[^\s@<>()\[\],;:\\""]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+\z",
        RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmailAddress { get; }
}
