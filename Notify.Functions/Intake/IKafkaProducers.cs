using Confluent.Kafka;

namespace Notify.Functions.Intake;

/// <summary>Makes producers.</summary>
internal interface IKafkaProducers
{
    /// <summary>A new producer, which connects behind this call.</summary>
    IProducer<string, byte[]> Create();
}
