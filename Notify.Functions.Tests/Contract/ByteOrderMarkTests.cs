using System.Text;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Intake;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Recovery;
using Notify.Functions.Reports;
using Notify.Functions.Templates;
using Notify.Functions.Tests.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.SendGrid;

namespace Notify.Functions.Tests.Contract;

/// <summary>
/// RFC 8259, section 8.1: a reader of JSON may ignore a byte order mark. This service does, wherever it reads JSON from outside.
/// </summary>
public sealed class ByteOrderMarkTests
{
    private static readonly SendGridWebhook SendGrid =
        new(Options.Create(new SendGridOptions { WebhookKey = Convert.ToBase64String(SendGridAccount.Key.ExportSubjectPublicKeyInfo()) }));

    private const string Event =
        """{"id":"e","type":"alert","priority":"low","recipients":["u"],"channels":["email"],"payload":{"message":"m"}}""";

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, (string Body, Func<ReadOnlyMemory<byte>, int> Faults)> Readers = new(StringComparer.Ordinal)
    {
        ["event"] = (Event, body => EventReader.Read(body, new EventDefaults("e", Now)).Faults.Count),
        ["structured CloudEvent"] = (CloudEventSamples.Structured(CloudEventSamples.V1Data), body =>
            EventReader.Read(body, new EventDefaults("e", Now)).Faults.Count),
        ["binary CloudEvent"] = (CloudEventSamples.V1Data, body =>
            EventReader.Read(body, new EventDefaults("e", Now), CloudEventSamples.Binary()).Faults.Count),
        ["batch"] = ($"[{Event}]", body => EventBatch.Split(body) is { Events: [var only] }
            && EventReader.Read(only, new EventDefaults("e", Now)).Faults.Count == 0
            ? 0
            : 1),
        ["preview"] = ("""{"channel":"sms","payload":{}}""", body => PreviewRequest.Read(body).Faults.Count),
        ["profile"] = ("""{"email":"a@example.com"}""", body => ProfileReader.Read(tenant: null, "u", body).Faults.Count),
        ["preferences"] = ("""{"all":true}""", body => PreferenceReader.Read(body, []).Faults.Count),
        ["suppression"] = ("""{"channel":"email","address":"a@example.com"}""", body => SuppressionReader.Read(body).Faults.Count),
        ["subscribers"] = ("""["u"]""", body => SubscriberList.Read(body).Faults.Count),
        ["redrive"] = ("""{"cause":"x"}""", body => RedriveRequest.Read(body).Faults.Count),
        ["SendGrid's report"] = ("""[{"event":"delivered","attempt_id":"d~1","timestamp":1795341600}]""", body =>
            SendGrid.Parse(Report(body), Now).Ignored),
        ["Azure's report"] = (
            """[{"id":"1","eventType":"Microsoft.Communication.SMSDeliveryReportReceived","data":{"deliveryStatus":"Delivered","tag":"d~1"}}]""",
            body => new AzureCommunicationWebhook(
                Options.Create(new AzureCommunicationOptions { WebhookKey = AzureCommunicationAccount.WebhookKey })).Parse(Report(body),
                Now).Ignored),
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Json_may_begin_with_one_byte_order_mark(string reader)
    {
        var (body, faults) = Readers[reader];

        Assert.Equal(0, faults(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(0, faults(Encoding.UTF8.GetBytes("\uFEFF" + body)));
        Assert.NotEqual(0, faults(Encoding.UTF8.GetBytes("\uFEFF\uFEFF" + body)));
    }

    private static WebhookRequest Report(ReadOnlyMemory<byte> body) =>
        new("/api/webhooks/x", new Dictionary<string, string>(StringComparer.Ordinal), "application/json", body.ToArray());
}
