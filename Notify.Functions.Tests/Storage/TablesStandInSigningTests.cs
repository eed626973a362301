using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Notify.Functions.Tests.StandIns;

namespace Notify.Functions.Tests.Storage;

public sealed class TablesStandInSigningTests
{
    private readonly TablesStandInWire _wire = new();

    [StandInsFact]
    public async Task Signs_date_account_and_path_as_sent()
    {
        await _wire.Table().DeleteEntityAsync("it's", "ключ");

        // The emulator has the account in the path too, so it stands there twice.
        AssertSigned(_wire.Request, "devstoreaccount1", "/devstoreaccount1/devstoreaccount1/rows(PartitionKey='it%27%27s',RowKey='%D0%BA%D0%BB%D1%8E%D1%87')");
    }

    [StandInsFact]
    public async Task Does_not_sign_the_query()
    {
        _wire.Answers(HttpStatusCode.OK, """{"value":[]}""");
        await foreach (var _ in _wire.Table($"AccountName=shop;AccountKey={TablesStandInWire.Key}").QueryAsync<TableEntity>("PartitionKey eq 'p'"))
        {
        }

        AssertSigned(_wire.Request, "shop", "/shop/rows()");
    }

    [StandInsFact]
    public async Task Signs_each_try_anew()
    {
        _wire.Answers(HttpStatusCode.ServiceUnavailable).Answers(HttpStatusCode.NoContent);
        await _wire.Table().AddEntityAsync(new TableEntity("p", "r"));

        Assert.Equal(2, _wire.Requests.Count);
        Assert.All(_wire.Requests, request => AssertSigned(request, "devstoreaccount1", "/devstoreaccount1/devstoreaccount1/rows"));
        Assert.All(_wire.Requests, request => Assert.Equal("""{"PartitionKey":"p","RowKey":"r"}""", request.Body));
    }

    [StandInsFact]
    public async Task Sends_a_shared_access_signature_instead_of_signing()
    {
        await _wire.Table("TableEndpoint=https://shop.table.core.windows.net/;SharedAccessSignature=?sv=2020-12-06&sig=a%2Bb%3D").DeleteEntityAsync("p", "r");

        Assert.Equal("https://shop.table.core.windows.net/rows(PartitionKey='p',RowKey='r')?sv=2020-12-06&sig=a%2Bb%3D", _wire.Request.Uri);
        Assert.DoesNotContain("Authorization", _wire.Request.Headers.Keys);
    }

    private static void AssertSigned(TablesStandInWire.Sent request, string account, string resource)
    {
        var toSign = $"{request.Headers["x-ms-date"]}\n{resource}";
        var signature = HMACSHA256.HashData(Convert.FromBase64String(TablesStandInWire.Key), Encoding.UTF8.GetBytes(toSign));
        Assert.Equal($"SharedKeyLite {account}:{Convert.ToBase64String(signature)}", request.Headers["Authorization"]);
    }
}
