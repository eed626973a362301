using System.Reflection;
using Google.Protobuf;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Moq;

namespace Notify.Functions.Tests.StandIns;

/// <summary>The trigger's converter, found as the worker finds it. It may be the official one or the stand-in's: both do this.</summary>
public sealed class KafkaRecordConverterTests
{
    private static readonly Type ConverterType = typeof(KafkaTriggerAttribute).GetCustomAttribute<InputConverterAttribute>()!.ConverterType;

    [Fact]
    public void Takes_the_host_s_data_for_a_record_and_for_a_batch()
    {
        var targets = ConverterType.GetCustomAttributes<SupportedTargetTypeAttribute>().Select(given => given.TargetType);

        Assert.NotNull(ConverterType.GetCustomAttribute<SupportsDeferredBindingAttribute>());
        Assert.Equal([typeof(KafkaRecord), typeof(KafkaRecord[])], targets.OrderBy(type => type.IsArray));
    }

    [Fact]
    public async Task Reads_every_field()
    {
        var record = await ReadAsync(Full("events", offset: long.MaxValue));

        Assert.Equal("events", record.Topic);
        Assert.Equal(3, record.Partition);
        Assert.Equal(long.MaxValue, record.Offset);
        Assert.Equal("the key"u8.ToArray(), record.Key);
        Assert.Equal([0x00, 0xFF, 0x80], record.Value);
        Assert.Equal(1_772_000_000_123, record.Timestamp.UnixTimestampMs);
        Assert.Equal(KafkaTimestampType.LogAppendTime, record.Timestamp.Type);
        Assert.Equal(new DateTimeOffset(2026, 2, 25, 6, 13, 20, 123, TimeSpan.Zero), record.Timestamp.DateTimeOffset);
        Assert.Equal(["traceparent=00-ab-cd-01"], Headers(record));
    }

    [Fact]
    public async Task Reads_a_batch_in_its_order()
    {
        var batch = new HostBatch([.. Enumerable.Range(0, 100).Select(offset => new HostData(Full("events", offset).ToArray()))]);

        var records = Assert.IsType<KafkaRecord[]>(await SucceedAsync(batch));

        Assert.Equal(Enumerable.Range(0, 100).Select(offset => (long)offset), records.Select(record => record.Offset));
    }

    [Fact]
    public async Task Reads_an_empty_batch() => Assert.Empty(Assert.IsType<KafkaRecord[]>(await SucceedAsync(new HostBatch())));

    [Fact]
    public async Task Reads_what_the_worker_receives()
    {
        var one = Assert.IsType<KafkaRecord>(await SucceedAsync(HostData.OverGrpc(Full("events", 7).ToArray())));
        var batch = HostData.BatchOverGrpc(Full("events", 8).ToArray(), Full("urgent", 9).ToArray());
        var two = Assert.IsType<KafkaRecord[]>(await SucceedAsync(batch));

        Assert.Equal([("events", 7), ("events", 8), ("urgent", 9)], two.Prepend(one).Select(record => (record.Topic, record.Offset)));
        Assert.All(two, record => Assert.Equal([0x00, 0xFF, 0x80], record.Value));
    }

    [Fact]
    public async Task A_message_without_fields_is_a_record_without_any()
    {
        var record = await ReadAsync(new ProtoMessage());

        Assert.Equal("", record.Topic);
        Assert.Equal(0, record.Partition);
        Assert.Equal(0, record.Offset);
        Assert.Null(record.Key);
        Assert.Null(record.Value);
        Assert.Null(record.Timestamp);
        Assert.Empty(record.Headers);
    }

    [Fact]
    public async Task An_empty_key_and_an_empty_value_are_not_absent()
    {
        var record = await ReadAsync(new ProtoMessage().Bytes(4, []).Bytes(5, []));

        Assert.Empty(Assert.IsType<byte[]>(record.Key));
        Assert.Empty(Assert.IsType<byte[]>(record.Value));
    }

    [Fact]
    public async Task A_tombstone_keeps_its_key()
    {
        var record = await ReadAsync(new ProtoMessage().Text(4, "the key"));

        Assert.Equal("the key"u8.ToArray(), record.Key);
        Assert.Null(record.Value);
    }

    [Fact]
    public async Task Headers_keep_their_order_and_their_doubles()
    {
        var record = await ReadAsync(new ProtoMessage()
            .Message(7, new ProtoMessage().Text(1, "b").Text(2, "1"))
            .Message(7, new ProtoMessage().Text(1, "a"))
            .Message(7, new ProtoMessage().Text(1, "b").Bytes(2, []))
            .Message(7, new ProtoMessage().Text(2, "nameless"))
            .Message(7, new ProtoMessage().Text(1, "b").Text(2, "ü")));

        Assert.Equal(["b=1", "a=null", "b=", "=nameless", "b=ü"], Headers(record));
    }

    [Theory]
    [InlineData(-1, 0, KafkaTimestampType.NotAvailable)]
    [InlineData(-62_135_596_800_000, 1, KafkaTimestampType.CreateTime)]
    [InlineData(253_402_300_799_999, 2, KafkaTimestampType.LogAppendTime)]
    [InlineData(0, 3, KafkaTimestampType.NotAvailable)]
    [InlineData(5, -1, KafkaTimestampType.NotAvailable)]
    public async Task Reads_any_timestamp(long milliseconds, int type, KafkaTimestampType expected)
    {
        var record = await ReadAsync(new ProtoMessage().Message(6, new ProtoMessage().Number(1, milliseconds).Number(2, type)));

        Assert.Equal(milliseconds, record.Timestamp.UnixTimestampMs);
        Assert.Equal(expected, record.Timestamp.Type);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), record.Timestamp.DateTimeOffset);
    }

    [Fact]
    public async Task An_empty_timestamp_is_not_absent()
    {
        var record = await ReadAsync(new ProtoMessage().Bytes(6, []));

        Assert.Equal(0, record.Timestamp.UnixTimestampMs);
    }

    [Fact]
    public async Task Skips_the_fields_it_does_not_know()
    {
        var record = await ReadAsync(new ProtoMessage()
            .Number(8, 42)
            .Text(1, "events")
            .Fixed(16, 1)
            .Message(6, new ProtoMessage().Text(3, "new").Number(1, 17).Fixed(4, 1))
            .Message(7, new ProtoMessage().Number(9, 1).Text(1, "name").Text(10, "new").Text(2, "value"))
            .Text(2, "a partition is no text")
            .Text(1000, "new")
            .Number(3, 99));

        Assert.Equal("events", record.Topic);
        Assert.Equal(0, record.Partition);
        Assert.Equal(99, record.Offset);
        Assert.Equal(17, record.Timestamp.UnixTimestampMs);
        Assert.Equal(["name=value"], Headers(record));
    }

    [Theory]
    [InlineData("AzureEventHubsEventData", HostData.Protobuf, "binding source 'AzureEventHubsEventData'. Only 'AzureKafkaRecord'")]
    [InlineData("azurekafkarecord", HostData.Protobuf, "binding source 'azurekafkarecord'. Only 'AzureKafkaRecord'")]
    [InlineData(HostData.Kafka, "application/json", "content-type 'application/json'. Only 'application/x-protobuf'")]
    public async Task Fails_by_another_extension_s_data(string source, string contentType, string named)
    {
        var message = $"Unexpected {named} is supported.";
        var other = new HostData(Full("events", 1).ToArray(), source, contentType);

        Assert.Equal(message, Assert.IsAssignableFrom<InvalidOperationException>(await FailAsync(other)).Message);
        Assert.Equal(message, (await FailAsync(new HostBatch(new HostData(Full("events", 0).ToArray()), other))).Message);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("18FF")]
    [InlineData("0A0561")]
    [InlineData("2AFFFFFFFF07")]
    [InlineData("0AFFFFFFFF0F")]
    [InlineData("18FFFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("32020880")]
    [InlineData("3A030A0961")]
    [InlineData("42056E")]
    [InlineData("00")]
    [InlineData("0C")]
    public async Task Fails_by_a_message_that_is_cut_off_or_none(string hex)
    {
        var broken = new HostData(Convert.FromHexString(hex));

        Assert.IsType<InvalidProtocolBufferException>(await FailAsync(broken));
        Assert.IsType<InvalidProtocolBufferException>(await FailAsync(new HostBatch(new HostData(Full("events", 0).ToArray()), broken)));
    }

    [Fact]
    public async Task Never_throws_wherever_a_message_is_cut_off()
    {
        var whole = Full("events", 1).ToArray();
        var statuses = new List<ConversionStatus>();

        for (var length = 0; length <= whole.Length; length++)
        {
            statuses.Add((await ConvertAsync(new HostData(whole[..length]))).Status);
        }

        // Only a cut between two of the seven fields leaves a message.
        Assert.Equal(8, statuses.Count(status => status is ConversionStatus.Succeeded));
        Assert.Equal(whole.Length + 1 - 8, statuses.Count(status => status is ConversionStatus.Failed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"Offset":1}""")]
    public async Task Leaves_to_others_what_is_no_data_of_an_extension(object? source) =>
        Assert.Equal(ConversionStatus.Unhandled, (await ConvertAsync(source)).Status);

    private static ProtoMessage Full(string topic, long offset) => new ProtoMessage()
        .Text(1, topic)
        .Number(2, 3)
        .Number(3, offset)
        .Text(4, "the key")
        .Bytes(5, [0x00, 0xFF, 0x80])
        .Message(6, new ProtoMessage().Number(1, 1_772_000_000_123).Number(2, 2))
        .Message(7, new ProtoMessage().Text(1, "traceparent").Text(2, "00-ab-cd-01"));

    private static IEnumerable<string> Headers(KafkaRecord record) =>
        record.Headers.Select(header => $"{header.Key}={header.GetValueAsString() ?? "null"}");

    private static async Task<KafkaRecord> ReadAsync(ProtoMessage message) =>
        Assert.IsType<KafkaRecord>(await SucceedAsync(new HostData(message.ToArray())));

    private static async Task<object?> SucceedAsync(object source)
    {
        var result = await ConvertAsync(source);
        Assert.Null(result.Error);
        Assert.Equal(ConversionStatus.Succeeded, result.Status);
        return result.Value;
    }

    private static async Task<Exception> FailAsync(object source)
    {
        var result = await ConvertAsync(source);
        Assert.Equal(ConversionStatus.Failed, result.Status);
        Assert.Null(result.Value);
        return Assert.IsAssignableFrom<Exception>(result.Error);
    }

    private static ValueTask<ConversionResult> ConvertAsync(object? source)
    {
        var context = new Mock<ConverterContext>();
        context.SetupGet(given => given.Source).Returns(source);
        context.SetupGet(given => given.TargetType).Returns(source is HostBatch ? typeof(KafkaRecord[]) : typeof(KafkaRecord));
        return ((IInputConverter)Activator.CreateInstance(ConverterType, nonPublic: true)!).ConvertAsync(context.Object);
    }
}
