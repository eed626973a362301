using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Notify.Functions.Tests.LocalHost.Hosting;

namespace Notify.Functions.Tests.LocalHost.Runtime.Http;

public sealed partial class HttpFunctionsTests
{
    [Fact]
    public async Task Binds_the_request_and_the_values_of_the_route()
    {
        await using var host = await SampleHost.StartAsync();

        using var short_ = await host.Http.GetAsync(new Uri("api/hello/J%C3%BCrgen?q=1", UriKind.Relative));
        using var full = await host.Http.PostAsync(new Uri("api/hello/a/b", UriKind.Relative), content: null);

        Assert.Equal(("Jürgen", (string?)null, "GET", "1"), await ReadAsync(short_));
        Assert.Equal(("a", "b", "POST", ""), await ReadAsync(full));
        Assert.All(host.Probe.Calls, c => Assert.IsAssignableFrom<HttpRequest>(c.Value));
    }

    [Fact]
    public async Task Answers_other_methods_and_paths_as_a_server_does()
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(host, HttpMethod.Delete, "api/hello/a"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, HttpMethod.Get, "api/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, HttpMethod.Get, "hello/a"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Put, "api/open"));
    }

    [Fact]
    public async Task Takes_the_prefix_from_host_json()
    {
        await using var host = await SampleHost.StartAsync(setup => setup.Settings["AzureFunctionsJobHost:extensions:http:routePrefix"] =
            "v1/x");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "v1/x/hello/a"));
    }

    [Fact]
    public async Task Answers_500_without_details_and_logs_the_fault_once()
    {
        await using var host = await SampleHost.StartAsync();
        host.Probe.Behaviour = static _ => throw new InvalidOperationException("secret payload");

        using var response = await host.Http.GetAsync(new Uri("api/hello/a", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["Hello failed"], host.Log.Messages(LogLevel.Error));
    }

    [Fact]
    public async Task Answers_a_request_that_cannot_be_read_with_its_own_status()
    {
        await using var host = await SampleHost.StartAsync();
        host.Probe.Behaviour = static _ => throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(host, HttpMethod.Post, "api/hello/a"));
        Assert.Empty(host.Log.Messages(LogLevel.Error));
    }

    [Fact]
    public async Task Does_not_serve_a_disabled_function()
    {
        await using var host = await SampleHost.StartAsync(setup => setup.Settings["AzureWebJobs.Hello.Disabled"] = "true");

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host, HttpMethod.Get, "api/hello/a"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "api/open"));
    }

    [Fact]
    public async Task Asks_for_no_key_unless_it_is_told_to()
    {
        await using var host = await SampleHost.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "api/hello/a"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "admin/functions"));
    }

    [Fact]
    public async Task Asks_for_the_given_key_in_the_header_or_the_query()
    {
        await using var host = await SampleHost.StartAsync(setup => setup.Settings["Notify:LocalHost:Key"] = "k&y", "--enableAuth");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, HttpMethod.Get, "api/hello/a"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, HttpMethod.Get, "api/hello/a?code=wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, HttpMethod.Get, "admin/host/status"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "api/open"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "api/hello/a?code=k%26y"));
        host.Http.DefaultRequestHeaders.Add("x-functions-key", "k&y");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "api/hello/a"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "admin/host/status"));
    }

    [Fact]
    public async Task Makes_a_key_and_prints_it_where_none_is_given()
    {
        await using var host = await SampleHost.StartAsync("--enableAuth");

        var key = KeyLine().Match(host.Output.ToString()).Groups[1].Value;

        Assert.Equal(40, key.Length);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, $"api/hello/a?code={key}"));
    }

    private static async Task<HttpStatusCode> StatusAsync(SampleHost host, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await host.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<(string Name, string? More, string Method, string Query)> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("name").GetString()!, body.GetProperty("more").GetString(), body.GetProperty("method").GetString()!,
            body.GetProperty("query").GetString()!);
    }

    [GeneratedRegex(@"Key +([0-9a-f]+) ")]
    private static partial Regex KeyLine();
}
