using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Tests.LocalHost.Hosting;

namespace Notify.Functions.Tests.LocalHost.Runtime.Http;

public sealed class AdminEndpointsTests
{
    [Fact]
    public async Task Runs_a_queue_function_on_the_given_message()
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await RunAsync(host, "Text", """{"input":"by hand"}"""));

        Assert.Equal("by hand", (await host.Probe.NextAsync()).Value);
    }

    [Fact]
    public async Task Runs_a_kafka_function_on_one_record_that_stands_nowhere()
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await RunAsync(host, "records", """{"input":"{\"id\":\"1\"}"}"""));

        var record = Assert.Single((KafkaRecord[])(await host.Probe.NextAsync()).Value);
        Assert.Equal(("sample.events", -1, "{\"id\":\"1\"}"), (record.Topic, record.Partition, Encoding.UTF8.GetString(record.Value!)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"input":""}""")]
    [InlineData("""{"input":null}""")]
    public async Task Runs_a_timer_function_with_or_without_input(string body)
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await RunAsync(host, "Tick", body));

        Assert.IsType<TimerInfo>((await host.Probe.NextAsync()).Value);
    }

    [Fact]
    public async Task Runs_a_disabled_function_too()
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await RunAsync(host, "TickAtStart", "{}"));

        await host.Probe.NextAsync();
    }

    [Theory]
    [InlineData("Nothing", "{}", HttpStatusCode.NotFound)]
    [InlineData("Hello", "{}", HttpStatusCode.BadRequest)]
    [InlineData("Text", "", HttpStatusCode.BadRequest)]
    [InlineData("Text", "{}", HttpStatusCode.BadRequest)]
    [InlineData("Text", "[]", HttpStatusCode.BadRequest)]
    [InlineData("Text", "by hand", HttpStatusCode.BadRequest)]
    [InlineData("Text", """{"input":1}""", HttpStatusCode.BadRequest)]
    [InlineData("Records", "{}", HttpStatusCode.BadRequest)]
    public async Task Refuses_what_it_cannot_run(string name, string body, HttpStatusCode expected)
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(expected, await RunAsync(host, name, body));
        Assert.Empty(host.Probe.Calls);
    }

    [Fact]
    public async Task Lists_the_functions_and_the_state()
    {
        await using var host = await SampleHost.StartAsync();

        var functions = await host.Http.GetFromJsonAsync<JsonElement[]>(new Uri("admin/functions", UriKind.Relative));
        var status = await host.Http.GetFromJsonAsync<JsonElement>(new Uri("admin/host/status", UriKind.Relative));

        Assert.Equal(host.App.Catalog.Functions.Select(f => f.Name), functions!.Select(f => f.GetProperty("name").GetString()));
        var hello = functions!.Single(f => f.GetProperty("name").GetString() == "Hello");
        Assert.Equal(new Uri(host.App.BaseAddress, "api/hello/{name}/{more?}").OriginalString, hello.GetProperty("invoke_url_template")
            .GetString());
        Assert.Equal("httpTrigger", hello.GetProperty("config").GetProperty("bindings")[0].GetProperty("type").GetString());
        Assert.Equal(["TickAtStart"], functions!.Where(f => f.GetProperty("isDisabled").GetBoolean())
            .Select(f => f.GetProperty("name").GetString()!));
        Assert.Equal("Running", status.GetProperty("state").GetString());
    }

    private static async Task<HttpStatusCode> RunAsync(SampleHost host, string name, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await host.Http.PostAsync(new Uri($"admin/functions/{name}", UriKind.Relative), content);
        return response.StatusCode;
    }
}
