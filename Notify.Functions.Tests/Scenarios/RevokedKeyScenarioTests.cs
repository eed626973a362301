using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Contract;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Keys that are revoked while mail goes out, of one provider and of both, with processes and backends of their own.</summary>
[Trait("Category", "Slow")]
public sealed class RevokedKeyScenarioTests(ITestOutputHelper output)
{
    private const int Mails = 200;

    private static readonly Dictionary<string, string> TwoProviders = new(StringComparer.Ordinal)
    {
        ["Notify__Channels__email__Providers"] = "sendgrid,acs-email",
        // What nobody takes is given up soon.
        ["Notify__Sending__PatienceBulk"] = "00:00:10",
        ["Notify__Sending__RetryBulk"] = "00:00:01,00:00:02",
        ["Notify__Resilience__CircuitBreak"] = "00:00:02",
        ["Notify__Resilience__CircuitLongestBreak"] = "00:00:04",
    };

    [SkippableFact]
    public async Task With_one_key_revoked_all_mail_goes_by_the_other_provider_and_with_both_it_waits_as_dead_letters_for_the_keys()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        await using var host = await world.StartHostAsync(more: TwoProviders);

        await RevokeAsync(world, "sendgrid");
        await Bulks.PublishAsync(world, "first", Priority.Normal, Channel.Email, Mails);
        Assert.Equal($"sent {Mails}", Bulks.Text(await Bulks.FinalAsync(world, Mails)));
        Assert.All(await messages.ReadAsync(), message => Assert.Equal("acs-email", message.Provider));
        var health = await host.Http.GetFromJsonAsync<JsonElement>(new Uri(host.Address, "api/health/details"));
        Assert.Equal(("degraded", "sendgrid:http-401"),
            (health.GetProperty("status").GetString(), health.GetProperty("providers").GetProperty("sendgrid").GetString()));
        Assert.Contains("sendgrid (email) refuses our account: sendgrid:http-401", host.Output, StringComparison.Ordinal);

        await RevokeAsync(world, "acs-email");
        await Bulks.PublishAsync(world, "second", Priority.Normal, Channel.Email, Mails);
        var statuses = Bulks.Text(await Bulks.FinalAsync(world, 2 * Mails));
        Assert.Equal($"failed {Mails}, sent {Mails}", statuses);
        var causes = (await host.Http.GetFromJsonAsync<JsonElement>(new Uri(host.Address, "api/dead-letters"))).GetProperty("items")
            .EnumerateArray().ToList();
        output.WriteLine(string.Join("; ", causes.Select(cause => $"{cause.GetProperty("count")} × {cause.GetProperty("cause")}")));
        Assert.Equal(Mails, causes.Sum(cause => cause.GetProperty("count").GetInt32()));

        using (var mended = await world.Sandbox.Http.DeleteAsync(new Uri("sandbox/faults", UriKind.Relative)))
        {
            mended.EnsureSuccessStatusCode();
        }
        foreach (var cause in causes)
        {
            using var redriven = await host.Http.PostAsJsonAsync(new Uri(host.Address, "api/dead-letters/redrive"),
                new { cause = cause.GetProperty("cause").GetString() });
            redriven.EnsureSuccessStatusCode();
        }
        await messages.WaitForAsync(2 * Mails);
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
    }

    private static async Task RevokeAsync(RealWorld world, string provider)
    {
        using var answer = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative),
            new { provider, mode = "reject", status = 401 });
        answer.EnsureSuccessStatusCode();
    }
}
