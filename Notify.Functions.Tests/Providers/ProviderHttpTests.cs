using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Notify.Functions.Providers;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers;

/// <summary>The production client against real sockets.</summary>
public sealed class ProviderHttpTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(ProviderApp.Start);
    private readonly LogSink _log = new();
    private readonly CancellationTokenSource _cancel = new();
    private ServiceProvider? _services;

    public void Dispose()
    {
        _services?.Dispose();
        _cancel.Dispose();
    }

    [Fact]
    public async Task A_refused_connection_is_provably_not_sent()
    {
        var answer = await Post(new Uri($"http://127.0.0.1:{UnusedPort()}"));
        Assert.Equal("connect-failed", Assert.IsType<ProviderAnswer.NotSent>(answer).Reason);
    }

    [Fact]
    public async Task A_failed_TLS_handshake_is_provably_not_sent()
    {
        await using var plain = await ProviderServer.StartAsync();
        var answer = await Post(new Uri(plain.Address.Replace("http:", "https:", StringComparison.Ordinal)));
        Assert.Equal("tls-failed", Assert.IsType<ProviderAnswer.NotSent>(answer).Reason);
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task A_connection_closed_instead_of_an_answer_loses_the_answer()
    {
        await using var server = new RawServer((_, _, _) => RawServer.Close());
        var answer = await Post(server.Address);
        Assert.Equal("connection-lost", Assert.IsType<ProviderAnswer.Lost>(answer).Reason);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_request_is_not_repeated_when_a_pooled_connection_dies_under_it()
    {
        await using var server = new RawServer((stream, number, stop) =>
            number == 1 ? RawServer.Write(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", stop) : RawServer.Close());
        Assert.IsType<ProviderAnswer.Received>(await Post(server.Address));
        Assert.IsType<ProviderAnswer.Lost>(await Post(server.Address));
        Assert.Equal((1, 2), (server.Connections, server.Requests));
    }

    [Fact]
    public async Task A_deadline_that_passes_while_the_server_is_silent_loses_the_answer()
    {
        await using var server = new RawServer(async (_, _, stop) =>
        {
            await _cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        var answer = await Post(server.Address);
        Assert.Equal("timeout", Assert.IsType<ProviderAnswer.Lost>(answer).Reason);
    }

    [Fact]
    public async Task Cancellation_before_anything_is_written_throws()
    {
        await using var server = await ProviderServer.StartAsync();
        await _cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Post(new Uri(server.Address)));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_status_stands_although_the_body_breaks_off()
    {
        await using var server = new RawServer(async (stream, _, stop) =>
        {
            await RawServer.Write(stream, "HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nhalf", stop);
            await RawServer.Close();
        });
        var answer = Assert.IsType<ProviderAnswer.Received>(await Post(server.Address));
        Assert.Equal((202, 0), (answer.Status, answer.Body.Length));
    }

    [Fact]
    public async Task The_status_stands_although_the_body_is_too_large()
    {
        await using var server = await ProviderServer.StartAsync(_ => new ProviderReply(503, new string('x', ProviderHttp.BodyLimit + 1)));
        var answer = Assert.IsType<ProviderAnswer.Received>(await Post(new Uri(server.Address)));
        Assert.Equal((503, 0), (answer.Status, answer.Body.Length));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("+90 s", 90)]
    [InlineData("-90 s", 0)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Reads_Retry_After_in_seconds_and_as_a_date(string? header, int? seconds)
    {
        if (header?.Split(' ') is [var offset, "s"])
        {
            header = _clock.GetUtcNow().AddSeconds(int.Parse(offset, CultureInfo.InvariantCulture))
                .ToString("R", CultureInfo.InvariantCulture);
        }
        await using var server = await ProviderServer.StartAsync(_ => header is null
            ? new ProviderReply(429) : new ProviderReply(429, "", ("Retry-After", header)));
        var answer = Assert.IsType<ProviderAnswer.Received>(await Post(new Uri(server.Address)));
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, answer.RetryAfter);
    }

    [Fact]
    public async Task Follows_no_redirect_keeps_no_cookie_and_logs_nothing()
    {
        await using var server = await ProviderServer.StartAsync(_ =>
            new ProviderReply(307, "", ("Location", "/elsewhere"), ("Set-Cookie", "a=b")));
        Assert.Equal(307, Assert.IsType<ProviderAnswer.Received>(await Post(new Uri(server.Address))).Status);
        await Post(new Uri(server.Address));
        Assert.Equal(["/v1/send", "/v1/send"], server.Requests.Select(request => request.Target));
        Assert.DoesNotContain(server.Requests, request => request.Headers.ContainsKey("Cookie"));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tells_the_provider_nothing_of_our_traces()
    {
        await using var server = await ProviderServer.StartAsync();
        using var activity = new Activity("send").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("recipient", "user_1").Start();
        await Post(new Uri(server.Address));
        Assert.DoesNotContain(server.Requests.Single().Headers.Keys, name => name.ToUpperInvariant() is "TRACEPARENT" or "TRACESTATE"
            or "BAGGAGE" or "CORRELATION-CONTEXT" or "REQUEST-ID");
    }

    [Fact]
    public async Task Keeps_the_path_of_a_base_address()
    {
        await using var server = await ProviderServer.StartAsync();
        await Post(new Uri(server.Address + "/sandbox/provider"));
        Assert.Equal("/sandbox/provider/v1/send", server.Requests.Single().Target);
    }

    private static int UnusedPort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private Task<ProviderAnswer> Post(Uri server)
    {
        if (_services is null)
        {
            var services = new ServiceCollection();
            services.AddLogging(logging => logging.AddProvider(_log));
            services.AddSingleton<TimeProvider>(_clock);
            services.AddProviderClient("provider", _ => server);
            _services = services.BuildServiceProvider();
        }
        return _services.GetRequiredKeyedService<ProviderHttp>("provider")
            .PostAsync(new Uri("v1/send", UriKind.Relative), authorization: null, "application/json", "{}"u8.ToArray(), lease: null,
                _cancel.Token);
    }
}
