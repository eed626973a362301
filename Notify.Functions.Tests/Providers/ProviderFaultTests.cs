using System.Net;
using Microsoft.Extensions.Time.Testing;
using Notify.Functions.Providers;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers;

/// <summary>Every kind of fault that HTTP knows, before and after the content was begun.</summary>
public sealed class ProviderFaultTests
{
    private static readonly HttpRequestError[] OfResponses =
    [
        HttpRequestError.ResponseEnded, HttpRequestError.InvalidResponse, HttpRequestError.ConfigurationLimitExceeded,
        HttpRequestError.HttpProtocolError,
    ];

    public static TheoryData<HttpRequestError> Errors => [.. Enum.GetValues<HttpRequestError>()];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task No_fault_proves_anything_once_the_content_was_begun(HttpRequestError error)
    {
        var answer = await Post(new Fault(contentBegun: true, () => new HttpRequestException(error)));
        Assert.IsType<ProviderAnswer.Lost>(answer);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_fault_before_the_content_proves_that_nothing_was_accepted_unless_it_speaks_of_a_response(HttpRequestError error)
    {
        var answer = await Post(new Fault(contentBegun: false, () => new HttpRequestException(error)));
        Assert.Equal(OfResponses.Contains(error), answer is ProviderAnswer.Lost);
    }

    [Fact]
    public async Task A_connect_timeout_of_the_handler_is_provably_not_sent()
    {
        var answer = await Post(new Fault(contentBegun: false, () => new TaskCanceledException("", new TimeoutException())));
        Assert.Equal("connect-timeout", Assert.IsType<ProviderAnswer.NotSent>(answer).Reason);
    }

    [Fact]
    public async Task Cancellation_while_connecting_throws()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAsync<TaskCanceledException>(() => Post(new Fault(contentBegun: false, () => Cancelled(cancel)), cancel.Token));
    }

    [Fact]
    public async Task Cancellation_after_the_content_was_begun_loses_the_answer()
    {
        using var cancel = new CancellationTokenSource();
        var answer = await Post(new Fault(contentBegun: true, () => Cancelled(cancel)), cancel.Token);
        Assert.Equal("timeout", Assert.IsType<ProviderAnswer.Lost>(answer).Reason);
    }

    [Fact]
    public async Task The_status_stands_although_the_deadline_passes_within_the_body()
    {
        using var cancel = new CancellationTokenSource();
        var answer = await Post(new EndlessBody(cancel), cancel.Token);
        Assert.Equal(202, Assert.IsType<ProviderAnswer.Received>(answer).Status);
    }

    [Fact]
    public async Task A_fault_of_our_own_is_not_hidden() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => Post(new Fault(contentBegun: false, () => new NotSupportedException())));

    [Fact]
    public void A_request_without_content_is_refused() =>
        Assert.Throws<ArgumentException>(() => new WriteTrackingContent(ReadOnlyMemory<byte>.Empty, "application/json"));

    private static async Task<ProviderAnswer> Post(HttpMessageHandler handler, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient(handler);
        return await new ProviderHttp(client, new FakeTimeProvider(ProviderApp.Start)).PostAsync(
            new Uri("https://provider.example/v1/send"), authorization: null, "application/json", "{}"u8.ToArray(), lease: null,
            cancellationToken);
    }

    private static TaskCanceledException Cancelled(CancellationTokenSource cancel)
    {
        cancel.Cancel();
        return new TaskCanceledException();
    }

    private sealed class Fault(bool contentBegun, Func<Exception> fault) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (contentBegun)
            {
                await request.Content!.CopyToAsync(Stream.Null, CancellationToken.None);
            }
            throw fault();
        }
    }

    /// <summary>Accepts, and the deadline passes while the body is read.</summary>
    private sealed class EndlessBody(CancellationTokenSource deadline) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new Body(deadline) });

        private sealed class Body(CancellationTokenSource deadline) : HttpContent
        {
            protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw Cancelled(deadline);

            protected override bool TryComputeLength(out long length)
            {
                length = 0;
                return false;
            }
        }
    }
}
