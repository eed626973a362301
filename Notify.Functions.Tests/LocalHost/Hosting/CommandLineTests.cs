using System.CommandLine;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.Tools.Replay;

namespace Notify.Functions.Tests.LocalHost.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Has_defaults()
    {
        var options = CommandLine.Parse([]);

        Assert.Equal(7071, options.Port);
        Assert.Null(options.Functions);
        Assert.False(options.EnableAuth);
    }

    [Fact]
    public void Reads_options_in_both_forms_and_any_case()
    {
        var options = CommandLine.Parse(["--port=0", "--FUNCTIONS", "Dispatch, SendPush", "--enableauth"]);

        Assert.Equal(0, options.Port);
        Assert.Equal(["Dispatch", "SendPush"], options.Functions);
        Assert.True(options.EnableAuth);
    }

    [Fact]
    public void Reads_backends_with_and_without_a_value()
    {
        var options = CommandLine.Parse(["--kafka", "--redis=localhost:6379", "--demo", "--sandbox", "OWN"]);

        Assert.Equal(new BackendAddress(null), options.Kafka);
        Assert.Equal(new BackendAddress("localhost:6379"), options.Redis);
        Assert.Null(options.Storage);
        Assert.True(options.Demo);
        Assert.Equal("own", options.Sandbox);
    }

    [Fact]
    public void Takes_the_last_of_several_values() => Assert.Equal(2, CommandLine.Parse(["--port", "1", "--PORT=2"]).Port);

    [Fact]
    public void Does_not_show_an_address_which_may_hold_a_secret() =>
        Assert.DoesNotContain("secret", CommandLine.Parse(["--storage", "AccountKey=secret"]).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_sandbox_alone_has_a_port_of_its_own()
    {
        Assert.Equal(7079, CommandLine.Parse(["--sandbox-only"]).Port);
        Assert.Equal(0, CommandLine.Parse(["--port", "0", "--sandbox-only"]).Port);
    }

    [Theory]
    [InlineData("There is no option '--prot'; --help shows what there is.", "--prot", "1")]
    [InlineData("There is no option '--prot'; --help shows what there is.", "--kafka", "--prot")]
    [InlineData("There is no option '--'; --help shows what there is.", "--", "--port", "1")]
    [InlineData("There is no option '--storge'; --help shows what there is.", "--storge=AccountKey=secret")]
    [InlineData("'stray' makes no sense there; --help shows what does.", "stray")]
    [InlineData("'-p' makes no sense there; --help shows what does.", "-p", "1")]
    [InlineData("'@file' makes no sense there; --help shows what does.", "@file")]
    [InlineData("'[file]' makes no sense there; --help shows what does.", "[file]", "--demo")]
    [InlineData("'AccountKey' makes no sense there; --help shows what does.", "--storage", "there", "AccountKey=secret")]
    [InlineData("--port needs a value: --port PORT.", "--port")]
    [InlineData("--port needs a value: --port PORT.", "--port=")]
    [InlineData("--port needs a value: --port PORT.", "--port", "--demo")]
    [InlineData("--port is a number from 0 to 65535, not '65536'.", "--port", "65536")]
    [InlineData("--port is a number from 0 to 65535, not 'x'.", "--port", "x")]
    [InlineData("--port is a number from 0 to 65535, not '-1'.", "--port", "-1")]
    [InlineData("--functions needs the name of at least one function.", "--functions", " , ")]
    [InlineData("--enableAuth takes no value.", "--enableAuth=yes")]
    [InlineData("--up starts all three backends: it goes without --kafka, --redis and --storage.", "--up", "--redis")]
    [InlineData("--sandbox is an address such as http://localhost:7079, not 'mine'.", "--sandbox", "mine")]
    [InlineData("--callback goes with --sandbox-only.", "--callback", "http://localhost:7071")]
    [InlineData("--replay is TOPIC, TOPIC/PARTITION or TOPIC/PARTITION@FROM-TO, not 'a/b'.", "--replay", "a/b")]
    [InlineData("--replay is TOPIC, TOPIC/PARTITION or TOPIC/PARTITION@FROM-TO, not 'a/1@5-4'.", "--replay", "a/1@5-4")]
    [InlineData("--replay goes with --kafka and --storage: what is in memory has no past.", "--replay", "a", "--kafka")]
    [InlineData("--replay changes nothing: it goes without --events, --import, --demo and --up.", "--replay", "a", "--kafka", "--storage",
        "--demo")]
    [InlineData("--replay changes nothing: it goes without --functions.", "--replay", "a", "--kafka", "--storage", "--functions",
        "Dispatch")]
    [InlineData("--replay changes nothing: it goes without --functions.", "--functions", "A", "--replay", "a", "--kafka", "--storage")]
    [InlineData("--worker is process, not 'thread'.", "--worker", "thread", "--up")]
    [InlineData("--worker process goes with --up, or with --kafka, --redis and --storage: another process cannot share what is in memory.",
        "--worker", "process", "--kafka")]
    [InlineData("--broker-only goes with no other option.", "--broker-only", "--port", "9092")]
    [InlineData("--sandbox-only goes with --port and --callback only.", "--sandbox-only", "--demo")]
    public void Says_in_a_sentence_what_it_does_not_understand(string expected, params string[] args) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => CommandLine.Parse(args)).Message);

    [Theory]
    [InlineData("notifications.incoming", "notifications.incoming", null, 0L, null)]
    [InlineData("a/3", "a", 3, 0L, null)]
    [InlineData("a/3@10-", "a", 3, 10L, null)]
    [InlineData("a/3@10-20", "a", 3, 10L, 20L)]
    public void Reads_what_to_replay_and_then_runs_no_trigger(string text, string topic, int? partition, long from, long? to)
    {
        var options = CommandLine.Parse(["--replay", text, "--kafka", "--storage"]);

        Assert.Equal(new ReplayRange(topic, partition, from, to), options.Replay);
        Assert.Equal(["HealthLive"], options.Functions);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--HELP", "--port", "x")]
    public async Task Shows_every_option_in_the_help(params string[] args)
    {
        await using var help = new StringWriter();

        Assert.Equal(0, await CommandLine.Create().Read(args).InvokeAsync(new InvocationConfiguration { Output = help }));

        foreach (var option in new[]
        {
            "--port <PORT>", "--functions <A,B>", "--enableAuth", "--kafka <HOST:PORT>", "--redis <HOST:PORT>", "--storage <CONNECTION>",
            "--up", "--demo", "--sandbox <own|URL|none>", "--sandbox-only", "--callback <URL>", "--import <FILE>", "--events <FILE>",
            "--replay <TOPIC[/P[@A-B]]>", "--exit",
        })
        {
            Assert.Contains($"  {option}  ", help.ToString(), StringComparison.Ordinal);
        }
    }
}
