using System.Globalization;
using System.Text.Json;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.AzureCommunication;

public sealed class AzureCommunicationSignatureTests
{
    private static readonly IReadOnlyDictionary<string, JsonElement> Rows =
        Vectors.Load("acs_request_signing.json", AzureCommunicationVectors.Signing);

    public static TheoryData<string> RowNames => Vectors.Names(Rows);

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_of_the_vectors_has_its_signature(string name)
    {
        var row = Rows[name];
        var (authorization, date, hash) = new AzureCommunicationSignature(row.Text("access_key_base64")).Sign(
            new HttpMethod(row.Text("method")),
            new Uri($"https://{row.Text("host")}{row.Text("path_and_query")}"),
            row.GetProperty("body_base64").GetBytesFromBase64(),
            DateTimeOffset.ParseExact(row.Text("x_ms_date"), "r", CultureInfo.InvariantCulture));
        Assert.Equal(row.Text("expected_authorization"), authorization.ToString());
        Assert.Equal((row.Text("x_ms_date"), row.Text("expected_x_ms_content_sha256")), (date, hash));
    }

    [Fact]
    public void The_rows_that_a_clone_carries_are_the_official_ones() => Assert.All(Vectors.Rows(AzureCommunicationVectors.Signing), row =>
    {
        foreach (var name in (string[])["method", "access_key_base64", "host", "path_and_query", "x_ms_date", "expected_authorization"])
        {
            Assert.True(JsonElement.DeepEquals(row.Value.GetProperty(name), Rows[row.Key].GetProperty(name)));
        }
    });
}
