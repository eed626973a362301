using Google.Protobuf;
using static Google.Protobuf.WireFormat;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Reads the protobuf message of a record. A field that is not known here, or is of another type, is skipped.</summary>
internal static class KafkaRecordMessage
{
    // A tag is a field's number, and then how its value is written.
    private const uint Topic = (1 << 3) | (uint)WireType.LengthDelimited;
    private const uint Partition = (2 << 3) | (uint)WireType.Varint;
    private const uint Offset = (3 << 3) | (uint)WireType.Varint;
    private const uint Key = (4 << 3) | (uint)WireType.LengthDelimited;
    private const uint Value = (5 << 3) | (uint)WireType.LengthDelimited;
    private const uint Timestamp = (6 << 3) | (uint)WireType.LengthDelimited;
    private const uint Header = (7 << 3) | (uint)WireType.LengthDelimited;

    private const uint TimestampMs = (1 << 3) | (uint)WireType.Varint;
    private const uint TimestampType = (2 << 3) | (uint)WireType.Varint;

    private const uint HeaderKey = (1 << 3) | (uint)WireType.LengthDelimited;
    private const uint HeaderValue = (2 << 3) | (uint)WireType.LengthDelimited;

    /// <summary>The record; its topic is empty, its offset 0, its key, value and timestamp null where the message has none.</summary>
    /// <exception cref="InvalidProtocolBufferException">The message is cut off, or is none.</exception>
    public static KafkaRecord Read(ByteString message)
    {
        var record = new KafkaRecord { Topic = "" };
        var headers = new List<KafkaHeader>();
        ReadFields(message, (tag, input) =>
        {
            switch (tag)
            {
                case Topic: record.Topic = input.ReadString(); break;
                case Partition: record.Partition = input.ReadInt32(); break;
                case Offset: record.Offset = input.ReadInt64(); break;
                case Key: record.Key = input.ReadBytes().ToByteArray(); break;
                case Value: record.Value = input.ReadBytes().ToByteArray(); break;
                case Timestamp: ReadTimestamp(input.ReadBytes(), record.Timestamp ??= new KafkaTimestamp()); break;
                case Header: headers.Add(ReadHeader(input.ReadBytes())); break;
                default: input.SkipLastField(); break;
            }
        });
        record.Headers = [.. headers];
        return record;
    }

    private static void ReadTimestamp(ByteString message, KafkaTimestamp timestamp) => ReadFields(message, (tag, input) =>
    {
        switch (tag)
        {
            case TimestampMs: timestamp.UnixTimestampMs = input.ReadInt64(); break;
            case TimestampType: timestamp.Type = Known((KafkaTimestampType)input.ReadInt32()); break;
            default: input.SkipLastField(); break;
        }
    });

    private static KafkaHeader ReadHeader(ByteString message)
    {
        var header = new KafkaHeader { Key = "" };
        ReadFields(message, (tag, input) =>
        {
            switch (tag)
            {
                case HeaderKey: header.Key = input.ReadString(); break;
                case HeaderValue: header.Value = input.ReadBytes().ToByteArray(); break;
                default: input.SkipLastField(); break;
            }
        });
        return header;
    }

    private static KafkaTimestampType Known(KafkaTimestampType type) => Enum.IsDefined(type) ? type : KafkaTimestampType.NotAvailable;

    private static void ReadFields(ByteString message, Action<uint, CodedInputStream> read)
    {
        using var input = message.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            read(tag, input);
        }
    }
}
