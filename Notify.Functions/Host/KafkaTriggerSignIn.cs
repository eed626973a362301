using System.Text.Json.Nodes;
using Confluent.Kafka;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Host;

/// <summary>
/// Lets the Kafka triggers sign in at the broker as the settings say. The attribute takes protocol and mechanism as constants only, so one
/// build could not serve a plain broker and Event Hubs; the worker tells the host of its functions at start, and here that is completed.
/// </summary>
/// <remarks>User name and password are given as names of settings, so that no secret leaves the process this way.</remarks>
internal sealed class KafkaTriggerSignIn(IOptions<BrokerOptions> broker) : IFunctionMetadataTransformer
{
    private const string Section = BrokerOptions.SectionName;

    /// <inheritdoc/>
    public string Name => nameof(KafkaTriggerSignIn);

    /// <inheritdoc/>
    public void Transform(IList<IFunctionMetadata> original)
    {
        foreach (var bindings in original.Select(function => function.RawBindings).OfType<IList<string>>())
        {
            for (var index = 0; index < bindings.Count; index++)
            {
                if (JsonNode.Parse(bindings[index]) is JsonObject binding
                    && string.Equals((string?)binding["type"], "kafkaTrigger", StringComparison.OrdinalIgnoreCase))
                {
                    Complete(binding, broker.Value);
                    bindings[index] = binding.ToJsonString();
                }
            }
        }
    }

    private static void Complete(JsonObject binding, BrokerOptions options)
    {
        if (options.Protocol == SecurityProtocol.Plaintext)
        {
            return;
        }
        // The extension's enums have the names of the client library's.
        binding["protocol"] = options.Protocol.ToString();
        if (options.SignsInByPassword)
        {
            binding["authenticationMode"] = options.Mechanism.ToString();
            binding["username"] = $"%{Section}:{nameof(BrokerOptions.Username)}%";
            binding["password"] = $"%{Section}:{nameof(BrokerOptions.Password)}%";
        }
        else if (options.SignsInByToken && !string.IsNullOrEmpty(options.TriggerPassword))
        {
            binding["authenticationMode"] = nameof(SaslMechanism.Plain);
            binding["username"] = "$ConnectionString";
            binding["password"] = $"%{Section}:{nameof(BrokerOptions.TriggerPassword)}%";
        }
        if (!string.IsNullOrEmpty(options.SslCaLocation))
        {
            binding["sslCaLocation"] = $"%{Section}:{nameof(BrokerOptions.SslCaLocation)}%";
        }
    }
}
