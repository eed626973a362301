using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch.FanOut;

/// <summary>The order to do something for every subscriber of one range of a topic.</summary>
/// <param name="Tenant">The event's tenant, if any.</param>
/// <param name="EventId">The event, whose head stands.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The range: one of <see cref="KeyedHashes.Partitions"/>.</param>
/// <param name="Step">What to do.</param>
/// <param name="Channel">To cancel: the only channel; <see langword="null"/> for all.</param>
/// <param name="After">To cancel: the recipient's hash behind which to begin. How far decisions are is in the ledger.</param>
/// <param name="Rescued">Whether it comes from the poison queue.</param>
public sealed record FanOutCommand(
    string? Tenant, string EventId, string Topic, string Partition, FanOutStep Step, Channel? Channel = null, string? After = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Rescued = false)
{
    /// <summary>The queue message.</summary>
    public string Write() => JsonSerializer.Serialize(this, NotifyJson.Options);

    /// <summary>Reads a message back.</summary>
    /// <exception cref="JsonException">It is none of ours.</exception>
    public static FanOutCommand Read(string message)
    {
        var command = JsonSerializer.Deserialize<FanOutCommand>(message, NotifyJson.Options);
        return command is { EventId: not null, Topic: not null, Step: FanOutStep.Decide or FanOutStep.Cancel }
            && KeyedHashes.Partitions.Contains(command.Partition, StringComparer.Ordinal)
            ? command
            : throw new JsonException("The message is no order to fan out.");
    }
}

/// <summary>What is done for each subscriber. The numbers travel in messages: never change one.</summary>
public enum FanOutStep
{
    /// <summary>Decide their deliveries.</summary>
    Decide = 1,

    /// <summary>Cancel what of them is not sent yet.</summary>
    Cancel = 2,
}
