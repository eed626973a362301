using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Topics;

/// <summary>Reads a list of recipients to subscribe.</summary>
internal static class SubscriberList
{
    /// <summary>How many one call takes.</summary>
    public const int Most = 1000;

    /// <summary>Whether a recipient can subscribe: a user or an external address, not a topic.</summary>
    public static bool IsSubscriber(string recipient) => AddressNormalizer.Recipient(recipient) is not null;

    /// <summary>
    /// The recipients of a JSON array as they are written there, each once however it is written; or what is wrong with it.
    /// </summary>
    public static (IReadOnlyList<string> Recipients, IReadOnlyList<EventFault> Faults) Read(ReadOnlyMemory<byte> body)
    {
        using var document = StrictJson.Parse(body, depth: 2, out var fault);
        if (document is null)
        {
            return ([], [fault!]);
        }
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() is 0 or > Most)
        {
            return ([], [new EventFault("$", "invalid",
                string.Create(CultureInfo.InvariantCulture, $"The body is a JSON array of 1–{Most} recipients."))]);
        }
        var (recipients, faults) = (new List<string>(), new List<EventFault>());
        foreach (var (item, place) in document.RootElement.EnumerateArray().Select((item, place) => (item, place)))
        {
            if (NotifyJson.TryGetString(item, out var recipient) && IsSubscriber(recipient))
            {
                recipients.Add(recipient);
            }
            else
            {
                faults.Add(new EventFault(
                    string.Create(CultureInfo.InvariantCulture, $"[{place}]"), "invalid",
                    "A subscriber is a user id (1–128 characters of A–Z a–z 0–9 . _ : @ + -), mailto:ADDRESS or tel:+NUMBER."));
            }
        }
        return ([.. recipients.DistinctBy(AddressNormalizer.Recipient, StringComparer.Ordinal)], faults);
    }
}
