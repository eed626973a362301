using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Notify.Functions.Tests.Sandbox;

public class FaultSettingTests
{
    [Fact]
    public async Task A_probability_hits_the_same_requests_with_the_same_seed()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        var first = await PatternAsync(sandbox, seed: 7);
        var again = await PatternAsync(sandbox, seed: 7);
        var other = await PatternAsync(sandbox, seed: 8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(failed => failed), 10, 30);
    }

    [Fact]
    public async Task Several_faults_apply_in_the_order_in_which_they_were_set()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync("""
            [{"provider":"fcm","mode":"reject","count":1},{"provider":"fcm","mode":"rateLimit","count":1},{"provider":"*","mode":"error","count":1}]
            """);

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await sandbox.SendPushAsync(SmallestRequest.Push);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([400, 429, 503, 200], statuses);
        Assert.Equal([(1, false), (1, false), (1, false)], (await sandbox.GetAsync("/sandbox/faults")).EnumerateArray()
            .Select(f => (f.GetProperty("hits").GetInt32(), f.GetProperty("active").GetBoolean())));
    }

    [Fact]
    public async Task A_fault_is_replaced_by_its_like_ends_by_itself_and_can_be_removed()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var sandbox = await SandboxHost.StartAsync(clock: clock);
        await sandbox.SetFaultAsync("""{"provider":"twilio","mode":"error","status":500}""");
        await sandbox.SetFaultAsync("""{"provider":"twilio","mode":"error","status":503,"durationMs":60000}""");

        using var replaced = await SmallestRequest.SendAsync(sandbox, "twilio");
        clock.Advance(TimeSpan.FromMinutes(1));
        using var over = await SmallestRequest.SendAsync(sandbox, "twilio");
        await sandbox.SetFaultAsync("""{"provider":"twilio","mode":"error"}""");
        await sandbox.Client.DeleteAsync(new Uri("/sandbox/faults?provider=twilio", UriKind.Relative));
        using var removed = await SmallestRequest.SendAsync(sandbox, "twilio");

        Assert.Equal([503, 201, 201], new[] { replaced, over, removed }.Select(a => (int)a.StatusCode));
    }

    [Fact]
    public async Task The_token_endpoint_fails_only_when_it_is_named()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync("""{"provider":"*","mode":"error"}""");
        using var spared = await ServiceAccount.AskAsync(sandbox, ServiceAccount.Assertion(sandbox));
        await sandbox.SetFaultAsync("""{"provider":"fcm-token","mode":"error"}""");
        using var named = await ServiceAccount.AskAsync(sandbox, ServiceAccount.Assertion(sandbox));

        Assert.Equal([200, 503], new[] { spared, named }.Select(a => (int)a.StatusCode));
    }

    [Fact]
    public async Task Every_mistake_in_a_fault_is_named_and_none_is_set()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.PutAsync("/sandbox/faults", """
            [{"provider":"fcm","mode":"error"},
             {"provider":"fax","mode":"explode","status":99,"probability":1.5,"delayMs":-1,"count":0,"seed":"x","durationMs":0,"colour":"red"},
             {"mode":"slow"},{"provider":"fcm","mode":"timeout","status":503},7]
            """);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name);
        Assert.Equal(
            ["[1].colour", "[1].count", "[1].delayMs", "[1].durationMs", "[1].mode", "[1].probability", "[1].provider", "[1].seed",
                "[1].status",
             "[2].delayMs", "[2].provider", "[3].status", "[4]"],
            errors.Order(StringComparer.Ordinal));
        Assert.Empty((await sandbox.GetAsync("/sandbox/faults")).EnumerateArray());
        using var noJson = await sandbox.PutAsync("/sandbox/faults", "mode=error");
        Assert.Equal(HttpStatusCode.BadRequest, noJson.StatusCode);
    }

    private static async Task<List<bool>> PatternAsync(SandboxHost sandbox, int seed)
    {
        await sandbox.SetFaultAsync($$"""{"provider":"twilio","mode":"error","probability":0.5,"seed":{{seed}}}""");
        var pattern = new List<bool>();
        for (var i = 0; i < 40; i++)
        {
            using var answer = await SmallestRequest.SendAsync(sandbox, "twilio");
            pattern.Add(!answer.IsSuccessStatusCode);
        }
        return pattern;
    }
}
