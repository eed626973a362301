using System.Text.Json;
using Google.Protobuf;
using Microsoft.Azure.Functions.Worker;
using Notify.LocalHost.Runtime.Worker.Protocol;

namespace Notify.LocalHost.Runtime.Worker;

/// <summary>A trigger's value as it travels to the worker.</summary>
internal static class TriggerData
{
    /// <summary>Text and JSON as such, records as the Kafka extension sends them.</summary>
    public static TypedData Convert(object value) => value switch
    {
        string text => new TypedData { String = text },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        BinaryData data => new TypedData { Bytes = ByteString.CopyFrom(data.ToMemory().Span) },
        TimerInfo timer => new TypedData { Json = JsonSerializer.Serialize(timer) },
        KafkaRecord[] records =>
            new TypedData
            {
                CollectionModelBindingData = new CollectionModelBindingData
                {
                    ModelBindingData = { records.Select(
                Convert) }
                }
            },
        _ => throw new ArgumentException($"A worker cannot be sent a {value.GetType()}.", nameof(value)),
    };

    private static Protocol.ModelBindingData Convert(KafkaRecord record)
    {
        var message = new KafkaRecordMessage
        {
            Topic = record.Topic,
            Partition = record.Partition,
            Offset = record.Offset,
            Headers = { record.Headers.Select(Convert) },
        };
        if (record.Key is { } key)
        {
            message.Key = ByteString.CopyFrom(key);
        }
        if (record.Value is { } content)
        {
            message.Value = ByteString.CopyFrom(content);
        }
        if (record.Timestamp is { } timestamp)
        {
            message.Timestamp = new KafkaTimestampMessage { UnixTimestampMs = timestamp.UnixTimestampMs, Type = (int)timestamp.Type };
        }
        return new Protocol.ModelBindingData
        {
            Version = "1.0",
            Source = "AzureKafkaRecord",
            ContentType = "application/x-protobuf",
            Content = message.ToByteString()
        };
    }

    private static KafkaHeaderMessage Convert(KafkaHeader header)
    {
        var message = new KafkaHeaderMessage { Key = header.Key };
        if (header.Value is { } value)
        {
            message.Value = ByteString.CopyFrom(value);
        }
        return message;
    }
}
