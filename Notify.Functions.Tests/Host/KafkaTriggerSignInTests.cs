using System.Text.Json.Nodes;
using Confluent.Kafka;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Tests.Host;

public sealed class KafkaTriggerSignInTests
{
    private const string Kafka =
        """{"name":"records","type":"kafkaTrigger","direction":"In","brokerList":"%Notify:Broker:BrokerList%","topic":"t"}""";
    private const string Queue = """{"name":"message","type":"queueTrigger","direction":"In","queueName":"q"}""";

    [Fact]
    public void A_plain_broker_leaves_the_triggers_as_they_are()
    {
        var bindings = Transformed(new BrokerOptions());

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Kafka), JsonNode.Parse(bindings[0])));
        Assert.Equal(Queue, bindings[1]);
    }

    [Fact]
    public void Event_hubs_gets_protocol_mechanism_and_the_names_of_the_settings_and_no_secret()
    {
        var bindings = Transformed(new BrokerOptions
        {
            Protocol = SecurityProtocol.SaslSsl,
            Mechanism = SaslMechanism.Plain,
            Username = "$ConnectionString",
            Password = "Endpoint=sb://secret",
        });

        var kafka = JsonNode.Parse(bindings[0])!.AsObject();
        Assert.Equal(
            ("SaslSsl", "Plain", "%Notify:Broker:Username%", "%Notify:Broker:Password%", "t"),
            ((string?)kafka["protocol"], (string?)kafka["authenticationMode"], (string?)kafka["username"], (string?)kafka["password"],
                (string?)kafka["topic"]));
        Assert.DoesNotContain("secret", bindings[0], StringComparison.Ordinal);
        Assert.Equal(Queue, bindings[1]);
    }

    [Fact]
    public void Where_the_rest_signs_in_by_a_token_the_triggers_do_by_a_connection_string_of_their_own()
    {
        var bindings = Transformed(new BrokerOptions
        {
            Protocol = SecurityProtocol.SaslSsl,
            Mechanism = SaslMechanism.OAuthBearer,
            TriggerPassword = "Endpoint=sb://secret",
            SslCaLocation = ""
        });

        var kafka = JsonNode.Parse(bindings[0])!.AsObject();
        Assert.Equal(
            ("SaslSsl", "Plain", "$ConnectionString", "%Notify:Broker:TriggerPassword%"),
            ((string?)kafka["protocol"], (string?)kafka["authenticationMode"], (string?)kafka["username"], (string?)kafka["password"]));
        Assert.False(kafka.ContainsKey("sslCaLocation"));
    }

    [Theory]
    [InlineData(SecurityProtocol.Ssl)]
    [InlineData(SecurityProtocol.SaslSsl)]
    [InlineData(SecurityProtocol.SaslPlaintext)]
    public void The_extension_knows_every_protocol_by_the_same_name(SecurityProtocol protocol) =>
        Assert.True(Enum.TryParse<BrokerProtocol>(protocol.ToString(), out _));

    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha256)]
    [InlineData(SaslMechanism.ScramSha512)]
    [InlineData(SaslMechanism.Gssapi)]
    public void The_extension_knows_every_mechanism_by_the_same_name(SaslMechanism mechanism) =>
        Assert.True(Enum.TryParse<BrokerAuthenticationMode>(mechanism.ToString(), out _));

    private static List<string> Transformed(BrokerOptions options)
    {
        var bindings = new List<string> { Kafka, Queue };
        var function = Mock.Of<IFunctionMetadata>(metadata => metadata.RawBindings == bindings);
        var without = Mock.Of<IFunctionMetadata>();

        new KafkaTriggerSignIn(Options.Create(options)).Transform([without, function]);

        return bindings;
    }
}
