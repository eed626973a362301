using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Host;
using Notify.Functions.Tests.Scenarios.Fuzz;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A parameter that a call does not take is not passed over.</summary>
public sealed class QueryParametersTests
{
    [Fact]
    public async Task Every_call_with_a_key_refuses_what_it_does_not_take()
    {
        await using var host = await AppHost.StartAsync();
        var tried = new HashSet<string>(StringComparer.Ordinal);
        foreach (var valid in ValidRequest.All.Where(valid => !IsOfStrangers(valid)))
        {
            var target = valid.Target.Split('?')[0] + "?nonsense=1";
            using var request = new HttpRequestMessage(new HttpMethod(valid.Method), target)
            {
                Content = valid.Body is null
                ? null : new StringContent(valid.Body)
            };
            using var answer = await host.Http.SendAsync(request);

            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{valid.Method} {target} is answered {(int)answer.StatusCode}.");
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("urn:notify:problem:parameter", problem.GetProperty("type").GetString());
            Assert.StartsWith("nonsense: this call ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            tried.Add(valid.Function);
        }
        Assert.Empty(CompositionTests.HttpFunctionNames().Except(tried, StringComparer.Ordinal)
            .Except(ValidRequest.All.Where(IsOfStrangers).Select(valid => valid.Function), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/recipients/user_1/inbox?tenat=acme", "tenat: this call does not take it; the nearest is tenant (of tenant, cursor).")]
    [InlineData("/api/recipients/user_1/deliveries?state=sent",
        "state: this call does not take it; the nearest is status (of tenant, channel, status, cursor).")]
    [InlineData("/api/templates?limit=5", "limit: this call takes no parameters.")]
    public async Task It_is_named_with_the_nearest_that_there_is(string path, string detail)
    {
        await using var host = await AppHost.StartAsync();

        using var answer = await host.Http.GetAsync(path);

        Assert.Equal(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_key_of_the_host_may_stand_there()
    {
        await using var host = await AppHost.StartAsync();

        using var answer = await host.Http.GetAsync("/api/recipients/user_1/inbox?code=key&Tenant=acme");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static bool IsOfStrangers(ValidRequest valid) =>
        valid.Function is "WrongRoute" or "Health" or "HealthLive" or "ReceiveWebhook" or "AllowWebhook" or "GetUnsubscribe"
            or "PostUnsubscribe";
}
