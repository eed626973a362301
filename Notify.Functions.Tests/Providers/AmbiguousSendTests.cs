using Microsoft.Extensions.Hosting;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Fcm;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Functions.Tests.Providers.SendGrid;
using Notify.Functions.Tests.Providers.Twilio;

namespace Notify.Functions.Tests.Providers;

/// <summary>What every sender must make of a connection that fails: certainly not sent, or perhaps.</summary>
public sealed class AmbiguousSendTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new();

    public static TheoryData<string> Providers => ["sendgrid", "twilio", "fcm"];

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_connection_closed_instead_of_an_answer_is_unknown(string provider)
    {
        await using var server = new RawServer((_, _, _) => RawServer.Close());
        Assert.Equal(new SendResult.Unknown($"{provider}:connection-lost"), await SendAsync(provider, server.Address));
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_deadline_that_passes_without_an_answer_is_unknown(string provider)
    {
        await using var server = new RawServer(async (_, _, stop) =>
        {
            await _deadline.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        Assert.Equal(new SendResult.Unknown($"{provider}:timeout"), await SendAsync(provider, server.Address));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_refused_connection_is_unavailable(string provider)
    {
        var server = new RawServer((_, _, _) => RawServer.Close());
        await server.DisposeAsync();
        Assert.Equal(new SendResult.Unavailable($"{provider}:connect-failed"), await SendAsync(provider, server.Address));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Cancellation_before_anything_is_written_throws(string provider)
    {
        await _deadline.CancelAsync();
        await using var server = new RawServer((_, _, _) => RawServer.Close());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(provider, server.Address));
        Assert.Equal(0, server.Connections);
    }

    private async Task<SendResult> SendAsync(string provider, Uri server)
    {
        await using var tokens = await ProviderServer.StartAsync(_ => new ProviderReply(200, FcmProject.Granted));
        using var app = provider switch
        {
            "sendgrid" => new ProviderApp(SendGridAccount.Settings(server.AbsoluteUri), builder => builder.AddSendGrid(inUse: true)),
            "twilio" => new ProviderApp(TwilioAccount.Settings(server.AbsoluteUri), builder => builder.AddTwilio(inUse: true)),
            _ => new ProviderApp(FcmProject.Settings(server.AbsoluteUri, FcmProject.Credentials($"{tokens.Address}/token")), Fcm),
        };
        return Assert.Single(await app.Sender.SendAsync(Requests.Alert(Requests.To("d~1", "somebody@example.com")), _deadline.Token));
    }

    private static void Fcm(IHostApplicationBuilder builder) => Notify.Functions.Providers.Fcm.FcmRegistration.AddFcm(builder, inUse: true);
}
