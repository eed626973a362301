using Notify.LocalHost.Hosting;
using Notify.LocalHost.Runtime;

namespace Notify.Functions.Tests.LocalHost.Hosting;

/// <summary>What the host says when something is not there that it was told to use.</summary>
public sealed class BackendChoiceTests
{
    private const string HowToStart = "start one with docker compose up -d, or let --up start its own.";

    [Theory]
    [InlineData($"No Kafka broker answers at 127.0.0.1:1 (--kafka): {HowToStart}", "--kafka", "127.0.0.1:1")]
    [InlineData($"No Redis answers at 127.0.0.1:1 (--redis): {HowToStart}", "--redis", "127.0.0.1:1,password=secret")]
    [InlineData("Nothing says where it is: --redis HOST:PORT, or Notify__Redis__ConnectionString in local.settings.json.", "--redis")]
    [InlineData("The connection string of Azure Storage cannot be read (FormatException).", "--storage", "secret")]
    [InlineData("No provider sandbox answers at http://127.0.0.1:1 (--sandbox): start one with --sandbox-only, or let --sandbox own start "
        + "it.", "--sandbox", "http://127.0.0.1:1")]
    public async Task Says_in_a_sentence_what_is_missing_and_no_secret(string expected, params string[] args)
    {
        var fault = await Assert.ThrowsAsync<StartupException>(() => LocalHostApp.BuildAsync(["--port", "0", .. args], setup =>
        {
            setup.ReadsMachineSettings = false;
            setup.Output = TextWriter.Null;
            setup.SandboxPatience = TimeSpan.Zero;
        }));

        Assert.Equal(expected, fault.Message);
    }
}
