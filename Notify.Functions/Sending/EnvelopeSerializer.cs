using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending;

/// <summary>
/// Envelopes as queue messages: JSON text, compressed where that pays. Text, because the Functions host hands messages over as text.
/// </summary>
internal static class EnvelopeSerializer
{
    private const int CompressFrom = 4 * 1024;

    private static readonly JsonSerializerOptions Options = new(NotifyJson.Options)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The messages for an envelope: one, or several where one would be too large.</summary>
    /// <exception cref="ArgumentException">A single delivery with its content is too large for a message.</exception>
    public static IEnumerable<string> Write(Envelope envelope)
    {
        if (TryWrite(envelope, out var message))
        {
            return [message];
        }
        if (envelope.Deliveries.Count == 1)
        {
            throw new ArgumentException("The content of one delivery is too large for a queue message.", nameof(envelope));
        }
        var half = envelope.Deliveries.Count / 2;
        return Write(Part(envelope, [.. envelope.Deliveries.Take(half)])).Concat(
            Write(Part(envelope, [.. envelope.Deliveries.Skip(half)])));
    }

    /// <summary>The one message for an envelope; <see langword="false"/> where it would be too large.</summary>
    public static bool TryWrite(Envelope envelope, [NotNullWhen(true)] out string? message)
    {
        var text = Serialize(envelope);
        message = Encoding.UTF8.GetByteCount(text) <= IQueues.MaxMessageBytes ? text : null;
        return message is not null;
    }

    /// <summary>Reads a message back.</summary>
    /// <exception cref="EnvelopeFormatException">It is none of ours, or broken.</exception>
    public static Envelope Read(string message)
    {
        try
        {
            var outer = JsonSerializer.Deserialize<Message>(message, Options) ?? throw new EnvelopeFormatException("The message is empty.");
            var envelope = outer.Compressed is { } compressed
                ? JsonSerializer.Deserialize<Envelope>(Brotli.Decompress(compressed), Options)
                : outer.Envelope;
            return envelope is { Deliveries.Count: > 0 } && envelope.Deliveries.All(delivery => IsComplete(envelope, delivery))
                ? envelope
                : throw new EnvelopeFormatException("The message holds no complete envelope.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new EnvelopeFormatException("The message is no envelope.", fault);
        }
    }

    private static bool IsComplete(Envelope envelope, EnvelopeDelivery delivery) =>
        DeliveryId.TryParse(delivery.Id, out var id) && envelope.Events.TryGetValue(id.EventHash, out var notification)
        && (notification.Content is not null || notification.Template is not null) && id.Channel == envelope.Channel
        && delivery.Attempt >= 1;

    private static Envelope Part(Envelope whole, IReadOnlyList<EnvelopeDelivery> deliveries)
    {
        var needed = deliveries.Select(delivery => DeliveryId.TryParse(delivery.Id, out var id) ? id.EventHash : string.Empty)
            .ToHashSet(StringComparer.Ordinal);
        var events = whole.Events.Where(pair => needed.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal);
        return whole with { Deliveries = deliveries, Events = events };
    }

    private static string Serialize(Envelope envelope)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(envelope, Options);
        return plain.Length < CompressFrom
            ? JsonSerializer.Serialize(new Message(1, envelope), Options)
            : JsonSerializer.Serialize(new Message(1, Compressed: Brotli.Compress(plain)), Options);
    }

    private sealed record Message(
        [property: JsonPropertyName("v")] int Version,
        [property: JsonPropertyName("envelope")] Envelope? Envelope = null,
        [property: JsonPropertyName("br")] byte[]? Compressed = null);
}

/// <summary>A queue message that is no envelope. Trying again does not help.</summary>
internal sealed class EnvelopeFormatException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public EnvelopeFormatException()
    {
    }

    /// <summary>Makes one with a message that quotes nothing of the content.</summary>
    public EnvelopeFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a cause inside.</summary>
    public EnvelopeFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
