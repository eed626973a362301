using Azure.Core;
using Azure.Data.Tables;
using Moq;
using Notify.Functions.Tests.StandIns;

namespace Notify.Functions.Tests.Storage;

public sealed class TablesStandInConnectionTests
{
    [StandInsTheory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("AccountName=shop;AccountKey=a2V5", "https://shop.table.core.windows.net", "shop")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=shop;AccountKey=a2V5;EndpointSuffix=core.chinacloudapi.cn", "http://shop.table.core.chinacloudapi.cn", "shop")]
    [InlineData(" accountname=shop ; accountkey=a2V5;;BlobEndpoint=http://localhost:1/shop;TableEndpoint=http://localhost:2/shop/;", "http://localhost:2/shop", "shop")]
    public async Task Finds_endpoint_and_account(string connectionString, string endpoint, string account)
    {
        var wire = new TablesStandInWire();
        await wire.Table(connectionString).DeleteEntityAsync("p", "r");

        Assert.Equal($"{endpoint}/rows(PartitionKey='p',RowKey='r')", wire.Request.Uri);
        Assert.StartsWith($"SharedKeyLite {account}:", wire.Request.Headers["Authorization"]);
    }

    [StandInsTheory]
    [InlineData("AccountName=shop")]
    [InlineData("AccountKey=a2V5")]
    [InlineData("TableEndpoint=https://shop.table.core.windows.net")]
    [InlineData("AccountKey=a2V5;TableEndpoint=https://shop.table.core.windows.net")]
    [InlineData("AccountName=shop;AccountKey=a2V5;TableEndpoint=nowhere")]
    public void Refuses_too_little(string connectionString) =>
        Assert.Throws<InvalidOperationException>(() => new TableServiceClient(connectionString));

    [StandInsTheory]
    [InlineData("AccountName=shop;AccountKey=secret!")]
    [InlineData("secret!")]
    public void Refuses_a_mistyped_one_without_quoting_it(string connectionString) =>
        Assert.DoesNotContain("secret", Assert.Throws<FormatException>(() => new TableServiceClient(connectionString)).ToString());

    [StandInsFact]
    public async Task Asks_a_credential_for_the_scope_of_storage_and_sends_its_token()
    {
        var credential = new Mock<TokenCredential>();
        credential
            .Setup(c => c.GetTokenAsync(It.Is<TokenRequestContext>(context => context.Scopes.Single() == "https://storage.azure.com/.default"), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AccessToken("token", TimeProvider.System.GetUtcNow().AddHours(1)));
        var wire = new TablesStandInWire();
        var options = new TableClientOptions { Transport = wire.Transport() };

        await new TableServiceClient(new Uri("https://shop.table.core.windows.net/"), credential.Object, options).GetTableClient("rows").DeleteEntityAsync("p", "r");

        Assert.Equal("https://shop.table.core.windows.net/rows(PartitionKey='p',RowKey='r')", wire.Request.Uri);
        Assert.Equal("Bearer token", wire.Request.Headers["Authorization"]);
    }
}
