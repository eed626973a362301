using Azure.Core;
using Confluent.Kafka;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// Signs a Kafka client in to Event Hubs by Microsoft Entra: librdkafka asks for a token when it needs one, about 80 % through the life of
/// the last.
/// </summary>
internal static class KafkaToken
{
    /// <summary>
    /// Gets a token and hands it to the client; a failure is handed to it as well, and librdkafka asks again in ten seconds.
    /// </summary>
    /// <remarks>Runs on librdkafka's callback thread, which cannot await.</remarks>
    public static void Refresh(IClient client, BrokerOptions options, TokenCredential credential)
    {
        try
        {
            var token = credential.GetToken(new TokenRequestContext([Scope(options.BrokerList)]), CancellationToken.None);
            client.OAuthBearerSetToken(token.Token, token.ExpiresOn.ToUnixTimeMilliseconds(), principalName: "notify");
        }
#pragma warning disable CA1031 // An exception that left a callback would end in native code, and with it the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            client.OAuthBearerSetTokenFailure(e.GetType().Name);
        }
    }

    /// <summary>Event Hubs wants a token for its own namespace: <c>https://NAMESPACE.servicebus.windows.net/.default</c>.</summary>
    internal static string Scope(string brokerList)
    {
        var first = brokerList.Split(',', StringSplitOptions.TrimEntries)[0];
        var colon = first.LastIndexOf(':');
        return $"https://{(colon < 0 ? first : first[..colon])}/.default";
    }
}
