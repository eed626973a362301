using Google.Protobuf;
using Microsoft.Azure.Functions.Worker.Core;

namespace Notify.Functions.Tests.StandIns;

/// <summary>What the host's Kafka extension sends for a record.</summary>
internal sealed class HostData(byte[] content, string source = HostData.Kafka, string contentType = HostData.Protobuf) : ModelBindingData
{
    public const string Kafka = "AzureKafkaRecord";
    public const string Protobuf = "application/x-protobuf";

    public override string Version => "1.0";

    public override string Source => source;

    public override string ContentType => contentType;

    public override BinaryData Content { get; } = BinaryData.FromBytes(content);

    /// <summary>The same as the worker makes it, of the bytes that come over gRPC.</summary>
    public static ModelBindingData OverGrpc(byte[] content) => (ModelBindingData)Received("ModelBindingData", GrpcMessage(content));

    /// <summary>A batch as the worker makes it.</summary>
    public static CollectionModelBindingData BatchOverGrpc(params byte[][] contents) => (CollectionModelBindingData)Received(
        "CollectionModelBindingData",
        contents.Aggregate(new ProtoMessage(), (batch, content) => batch.Message(1, GrpcMessage(content))));

    private static ProtoMessage GrpcMessage(byte[] content) =>
        new ProtoMessage().Text(1, "1.0").Text(2, Kafka).Text(3, Protobuf).Bytes(4, content);

    // The worker keeps both its messages and its data to itself.
    private static object Received(string name, ProtoMessage bytes)
    {
        const string Messages = "Microsoft.Azure.Functions.Worker.Grpc.Messages";
        var worker = System.Reflection.Assembly.Load("Microsoft.Azure.Functions.Worker.Grpc");
        var message = (IMessage)Activator.CreateInstance(worker.GetType($"{Messages}.{name}", throwOnError: true)!, nonPublic: true)!;
        message.MergeFrom(bytes.ToArray());
        return Activator.CreateInstance(worker.GetType($"{Messages}.Grpc{name}", throwOnError: true)!, message)!;
    }
}

/// <summary>What the host's Kafka extension sends for a batch.</summary>
internal sealed class HostBatch(params ModelBindingData[] records) : CollectionModelBindingData
{
    public override ModelBindingData[] ModelBindingData => records;
}
