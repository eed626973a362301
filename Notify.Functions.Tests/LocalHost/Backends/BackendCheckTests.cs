using Microsoft.Extensions.Configuration;
using Notify.Functions.Tests.Backends;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.LocalHost.Backends;

public sealed class BackendCheckTests
{
    // Nothing listens there: the port is reserved.
    private const string Nowhere = "127.0.0.1:1";

    [Fact]
    public async Task Says_in_a_sentence_what_does_not_answer_and_how_to_start_it()
    {
        var fault = await Assert.ThrowsAsync<BackendMissingException>(() =>
            BackendCheck.RedisAsync(Settings((BackendRegistration.RedisSetting, Nowhere + ",password=secret")), CancellationToken.None));

        Assert.Equal("No Redis answers at 127.0.0.1:1 (--redis): start one with docker compose up -d, or let --up start its own.",
            fault.Message);
    }

    [Fact]
    public async Task Says_which_setting_is_missing()
    {
        var fault = await Assert.ThrowsAsync<BackendMissingException>(() => BackendCheck.StorageAsync(Settings(), CancellationToken.None));

        Assert.Contains("NotifyStorage", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a;")]
    public async Task Names_no_secret(string connection)
    {
        var fault = await Assert.ThrowsAsync<BackendMissingException>(() =>
            BackendCheck.StorageAsync(Settings((BackendRegistration.StorageSetting, connection)), CancellationToken.None));

        Assert.Contains("127.0.0.1:1", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Is_content_where_one_of_several_brokers_answers()
    {
        var broker = (await RealBackends.KafkaAsync()).Address;

        await BackendCheck.KafkaAsync(Settings((BackendRegistration.KafkaSetting, $"{Nowhere}, {broker}")), CancellationToken.None);
        await Assert.ThrowsAsync<BackendMissingException>(() =>
            BackendCheck.KafkaAsync(Settings((BackendRegistration.KafkaSetting, Nowhere)), CancellationToken.None));
    }

    [SkippableFact]
    public async Task Finds_what_answers()
    {
        await BackendCheck.RedisAsync(Settings((BackendRegistration.RedisSetting, (await RealBackends.RedisAsync()).Address)),
            CancellationToken.None);
        await BackendCheck.StorageAsync(Settings((BackendRegistration.StorageSetting, (await RealBackends.StorageAsync()).Address)),
            CancellationToken.None);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        .Build();
}
