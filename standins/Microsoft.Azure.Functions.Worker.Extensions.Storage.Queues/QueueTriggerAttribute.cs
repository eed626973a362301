using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by a message of a storage queue.</summary>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue, or a <c>%setting%</c>.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting with the connection, or the prefix of the settings of an identity-based one.</summary>
    public string? Connection { get; set; }
}
