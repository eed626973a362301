using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Scenarios;
using Notify.LocalHost.Hosting;

namespace Notify.Functions.Tests.LocalHost.Hosting;

/// <summary>The program as it is started by people: exit codes, signals, what it prints.</summary>
public sealed class ProgramTests
{
    private const string Ready = "Notify is ready on ";
    private static readonly object Event = new
    {
        type = "alert",
        priority = "critical",
        recipients = new[] { "user_1" },
        channels = new[] { "push" },
        payload = new { message = "Test" },
    };

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--wrong", 2)]
    [InlineData("--port=x", 2)]
    [InlineData("--functions=Nothing", 1)]
    public async Task Ends_with_the_code_that_says_why(string arg, int expected)
    {
        using var program = Start(arg);
        var output = program.StandardOutput.ReadToEndAsync();
        var error = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(Patience.Limit);

        Assert.Equal(expected, program.ExitCode);
        Assert.Equal(expected == 0, (await output).Length > 0);
        Assert.Equal(expected == 0 ? 0 : 1, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Says_of_every_faulty_setting_a_sentence_and_ends_with_1()
    {
        using var program = Start("--port=0", "--sandbox=none");
        var errors = program.StandardError.ReadToEndAsync();
        var rest = program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(Patience.Limit);

        Assert.Equal(1, program.ExitCode);
        var lines = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 1);
        Assert.All(lines, line => Assert.StartsWith("Notify__P", line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", await rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepts_an_event_and_ends_with_0_when_it_is_asked_to_stop()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using var program = Start("--port=0");
        var errors = program.StandardError.ReadToEndAsync();
        var url = await ReadyAsync(program);
        var rest = program.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var accepted = await http.PostAsJsonAsync(new Uri("api/notify", UriKind.Relative), Event);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.False(string.IsNullOrEmpty((await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()));

        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        await program.WaitForExitAsync().WaitAsync(Patience.Limit);

        Assert.Equal(0, program.ExitCode);
        Assert.Equal("", await errors);
        Assert.DoesNotContain(" fail ", await rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finishes_the_send_that_is_under_way_when_it_is_asked_to_stop()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using var program = Start("--port=0");
        var url = await ReadyAsync(program);
        var rest = program.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var slow = await http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative),
            new { provider = "fcm", mode = "slow", delayMs = 3000 });
        slow.EnsureSuccessStatusCode();
        using var accepted = await http.PostAsJsonAsync(new Uri("api/notify", UriKind.Relative), Event);
        accepted.EnsureSuccessStatusCode();
        await new SandboxMessages(http).WaitForDelayedAsync(1);

        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        await program.WaitForExitAsync().WaitAsync(Patience.Limit);

        Assert.Equal(0, program.ExitCode);
        Assert.Contains("fcm: 1 × Accepted", await rest, StringComparison.Ordinal);
    }

    private static async Task<string> ReadyAsync(Process program)
    {
        while (await program.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                return line[Ready.Length..] + "/";
            }
        }
        throw new InvalidOperationException("The host has ended before it was ready.");
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var arg in new[] { "exec", typeof(LocalHostApp).Assembly.Location }.Concat(args))
        {
            start.ArgumentList.Add(arg);
        }
        return Process.Start(start)!;
    }
}
