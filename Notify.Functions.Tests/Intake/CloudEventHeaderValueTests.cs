using System.Text;
using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;
using Notify.Functions.Intake;
using Notify.Functions.Tests.Contract;

namespace Notify.Functions.Tests.Intake;

/// <summary>Section 3.1.3.2 of the HTTP binding of CloudEvents 1.0.2.</summary>
public sealed class CloudEventHeaderValueTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The first is the binding's own example.</summary>
    [Theory]
    [InlineData("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀")]
    [InlineData("Euro%20%e2%82%ac", "Euro €")]
    [InlineData("%41%62c", "Abc")]
    [InlineData("100%25", "100%")]
    [InlineData("%2541", "%41")]
    [InlineData("a+b", "a+b")]
    [InlineData("\"two words\"", "two words")]
    [InlineData("\"a \\\"quote\\\" and a \\\\\"", "a \"quote\" and a \\")]
    [InlineData("\"%E2%82%AC\"", "€")]
    [InlineData("a\"b", "a\"b")]
    public void A_value_is_unquoted_and_decoded_once(string header, string value) =>
        Assert.Equal(value, Encoding.UTF8.GetString(CloudEventHeaderValue.Decode(header)!));

    [Theory]
    [InlineData("x%FF")]
    [InlineData("%C0%A0")] // Overlong, the binding's own example.
    [InlineData("%ED%A0%80")] // A surrogate.
    [InlineData("%E2%82")]
    [InlineData("100%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("%+1")]
    [InlineData("\"open")]
    [InlineData("\"closed\" early")]
    [InlineData("\"escape at the end\\")]
    [InlineData("%00")]
    [InlineData("a%0Ab")]
    public void What_is_encoded_wrongly_is_rejected(string header) => Assert.Equal(["id invalid"], Faults(header));

    [Fact]
    public void What_is_encoded_rightly_is_accepted() => Assert.Empty(Faults("Euro%20%E2%82%AC"));

    private static IEnumerable<string> Faults(string id)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", "/orders"),
            ("ce-type", "com.example.order") })
        {
            request.Headers[name] = value;
        }
        return EventReader.Read(Encoding.UTF8.GetBytes(CloudEventSamples.V1Data), new EventDefaults("e", Now),
            RequestHeaders.Read(request)).Faults.Select(fault => $"{fault.Field} {fault.Code}");
    }
}
