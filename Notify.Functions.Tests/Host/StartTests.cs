using System.Diagnostics;
using Notify.Functions.Host;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Hosting;

namespace Notify.Functions.Tests.Host;

/// <summary>The app, and the local host, as processes with faulty settings: every fault a line, exit code 1, and no stack trace.</summary>
public sealed class StartTests
{
    public static TheoryData<string[], string[], string[]> Starts => new()
    {
        { [], ["Notify__Chanels__email__Enabled=true"],
            ["Notify__Chanels__email__Enabled is not a setting; the nearest is Notify__Channels__email__Enabled."] },
        { [], ["Notify__Priorities__critical__MaxLatncy=00:00:01"],
            ["Notify__Priorities__critical__MaxLatncy is not a setting; the nearest is Notify__Priorities__critical__MaxLatency."] },
        { [], ["Notify__Channels__email__Colour=red"],
            ["Notify__Channels__email__Colour is not a setting; the nearest is Notify__Channels__email__"] },
        { [], ["Notify__Channels__email__Providers=mailgun"],
            ["Notify__Channels__email__Providers names 'mailgun', which is not a provider of email; there are acs-email, sendgrid."] },
        {
            [], ["Notify__Channels__email__RateLimit=fast", "Notify__Channels__sms__BatchSize=0", "Notify__Batching__Schedule=never",
                "Notify__LocalHost__QueueLease=short", "Notify__LocalHost__ClockOfset=1"],
            [
                "Notify__Channels__email__RateLimit is 'fast', which is not a number.",
                "Notify__Channels__sms__BatchSize must be from 1 to 1000.",
                "Notify__Batching__Schedule is 'never', which is not an NCRONTAB expression of six fields.",
                "Notify__LocalHost__QueueLease is 'short', which is not a time such as 00:00:30 or 1.00:00:00.",
                "Notify__LocalHost__ClockOfset is not a setting; the nearest is Notify__LocalHost__ClockOffset.",
            ]
        },
        { [], ["Notify__Identity__Key=@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/identityKey)"],
            ["Notify__Identity__Key is a reference to a secret that Azure has not resolved: "] },
        {
            ["--sandbox", "none"], [],
            [
                "Notify__PublicBaseUrl is missing: ", "Notify__Providers__Twilio__AccountSid is missing.",
                "Notify__Providers__Twilio__AuthToken is missing.", "Notify__Providers__Twilio__From or ",
                "Notify__Providers__SendGrid__ApiKey is missing.", "Notify__Providers__SendGrid__FromAddress is missing.",
                "Notify__Providers__SendGrid__WebhookKey is missing: ",
                "Notify__Providers__Fcm__ProjectId is missing.", "Notify__Providers__Fcm__Credentials is missing.",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task The_local_host_says_every_fault_in_a_line_and_ends_with_1(string[] arguments, string[] settings, string[] expected)
    {
        var (code, output, errors) = await RunAsync(typeof(LocalHostApp).Assembly.Location, ["--port", "0", .. arguments], settings);

        Assert.Equal("", output);
        AssertLines(expected, errors);
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task The_app_says_every_fault_in_a_line_and_ends_with_1()
    {
        string[] sample = [.. CompositionTests.SampleSettings()
            .Select(setting => $"{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}")];

        var (code, output, errors) = await RunAsync(typeof(NotifyApp).Assembly.Location, [],
            [.. sample, "Notify__Chanels__email__Enabled=true", "Notify__Channels__email__RateLimit=fast",
                "Notify__Channels__sms__Providers=mailgun", "WEBSITE_SITE_NAME=func", "Notify__LocalHost__QueueLease=00:00:20"]);

        AssertLines(
            [
                "Notify__Chanels__email__Enabled is not a setting; the nearest is Notify__Channels__email__Enabled.",
                "Notify__Channels__email__RateLimit is 'fast', which is not a number.",
                "Notify__Channels__sms__Providers names 'mailgun', which is not a provider of sms; there are acs-sms, twilio.",
                "Notify__Identity__Key is missing, or the development key: in Azure (WEBSITE_SITE_NAME is set) a key of your own is "
                    + "needed, and it must never change.",
            ],
            errors);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    private static void AssertLines(string[] beginnings, string printed)
    {
        var lines = printed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Equal(beginnings.Length, lines.Count);
        Assert.All(beginnings.Order(StringComparer.Ordinal).Zip(lines), pair =>
            Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] arguments, string[] settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var setting in settings.Select(setting => setting.Split('=', 2)))
        {
            start.Environment[setting[0]] = setting[1];
        }
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
        return (process.ExitCode, await output, await errors);
    }
}
