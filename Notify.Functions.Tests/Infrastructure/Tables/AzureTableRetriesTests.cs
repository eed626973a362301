using System.Net.Sockets;
using Azure;
using Azure.Core;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.Infrastructure.Tables;

public sealed class AzureTableRetriesTests
{
    private static readonly RequestFailedException Refused = new(
        "Connection refused", new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused", new SocketException()));

    private static readonly RequestFailedException Broken = new(
        "The response ended", new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended"));

    [Fact]
    public void Repeats_reads() =>
        Assert.All([null, Refused, Broken], fault => Assert.True(AzureTableRetries.MayBeRepeated(RequestMethod.Get, fault)));

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public void Repeats_a_write_only_where_it_never_arrived(string method)
    {
        var write = RequestMethod.Parse(method);

        Assert.True(AzureTableRetries.MayBeRepeated(write, Refused));
        Assert.False(AzureTableRetries.MayBeRepeated(write, Broken));
        Assert.False(AzureTableRetries.MayBeRepeated(write, new TaskCanceledException("15 seconds")));
        Assert.False(AzureTableRetries.MayBeRepeated(write, exception: null));
    }
}
