using Google.Protobuf;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes records of what the host's Kafka extension sends: one message, or a batch of them.</summary>
[SupportsDeferredBinding]
[SupportedTargetType(typeof(KafkaRecord))]
[SupportedTargetType(typeof(KafkaRecord[]))]
internal sealed class KafkaRecordConverter : IInputConverter
{
    private const string Source = "AzureKafkaRecord";
    private const string ContentType = "application/x-protobuf";

    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(Convert(context.Source));

    private static ConversionResult Convert(object? source)
    {
        try
        {
            return source switch
            {
                ModelBindingData one => ConversionResult.Success(Read(one)),
                CollectionModelBindingData batch => ConversionResult.Success(Array.ConvertAll(batch.ModelBindingData, Read)),
                _ => ConversionResult.Unhandled(),
            };
        }
        catch (Exception fault)
        {
            // The worker fails the invocation with it, and the host retries.
            return ConversionResult.Failed(fault);
        }
    }

    private static KafkaRecord Read(ModelBindingData data)
    {
        if (data.Source is not Source)
        {
            throw new InvalidOperationException($"Unexpected binding source '{data.Source}'. Only '{Source}' is supported.");
        }

        if (data.ContentType is not ContentType)
        {
            throw new InvalidOperationException($"Unexpected content-type '{data.ContentType}'. Only '{ContentType}' is supported.");
        }

        return KafkaRecordMessage.Read(UnsafeByteOperations.UnsafeWrap(data.Content.ToMemory()));
    }
}
