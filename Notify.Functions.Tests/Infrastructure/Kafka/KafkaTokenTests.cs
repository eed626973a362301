using Azure.Core;
using Azure.Identity;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Infrastructure.Kafka;

public sealed class KafkaTokenTests
{
    [Theory]
    [InlineData("space.servicebus.windows.net:9093", "https://space.servicebus.windows.net/.default")]
    [InlineData("a.example:9093, b.example:9093", "https://a.example/.default")]
    [InlineData("a.example", "https://a.example/.default")]
    public void Asks_for_a_token_for_the_namespace(string brokers, string scope) => Assert.Equal(scope, KafkaToken.Scope(brokers));

    [Fact]
    public async Task Gets_the_producer_a_token_before_it_connects()
    {
        var asked = new TaskCompletionSource<TokenRequestContext>();
        var credential = new Mock<TokenCredential>();
        credential.Setup(one => one.GetToken(It.IsAny<TokenRequestContext>(), It.IsAny<CancellationToken>()))
            .Callback((TokenRequestContext context, CancellationToken _) => asked.TrySetResult(context))
            .Throws(() => new AuthenticationFailedException("no identity here"));
        var options = Options.Create(new BrokerOptions
        {
            BrokerList = "127.0.0.1:1",
            Protocol = SecurityProtocol.SaslPlaintext,
            Mechanism = SaslMechanism.OAuthBearer,
        });

        using var producer = new KafkaProducers(options, credential.Object, NullLogger<KafkaProducers>.Instance).Create();

        var context = await asked.Task.WaitAsync(Patience.Limit);
        Assert.Equal(["https://127.0.0.1/.default"], context.Scopes);
    }
}
