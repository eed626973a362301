using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>Gets access tokens and keeps one until a minute before it expires. Whoever asks meanwhile waits for the same request.</summary>
internal sealed partial class FcmAccessTokens(
    [FromKeyedServices(FcmSender.ProviderName)] ProviderHttp http, IOptions<FcmOptions> options, TimeProvider clock,
    ILogger<FcmAccessTokens> logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The request's own time limit: many senders wait for it, so none of them may cancel it.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly Lazy<FcmServiceAccount> _account =
        new(() => FcmServiceAccount.TryParse(options.Value.Credentials, out var parsed, out var fault)
        ? parsed
        : throw new InvalidOperationException($"{FcmOptions.SectionName}:{nameof(FcmOptions.Credentials)} {fault}"));

    private readonly Lock _gate = new();
    private FcmAccess? _current;
    private Task<FcmAccess>? _flight;

    /// <summary>A token that is good for a minute at least, or the result of the messages that go without.</summary>
    public Task<FcmAccess> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is { } access && clock.GetUtcNow() < access.RenewAt)
            {
                return Task.FromResult(access);
            }
            _flight ??= Task.Run(FetchAsync, CancellationToken.None);
            return _flight.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets a token that the API did not take.</summary>
    public void Discard(FcmAccess refused)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_current, refused))
            {
                _current = null;
            }
        }
    }

    private async Task<FcmAccess> FetchAsync()
    {
        FcmAccess? fetched = null;
        try
        {
            fetched = await RequestAsync();
            if (fetched.Refusal is { } refusal)
            {
                LogRefused(logger, refusal);
            }
            return fetched;
        }
        finally
        {
            lock (_gate)
            {
                _current = fetched?.Token is null ? null : fetched;
                _flight = null;
            }
        }
    }

    private async Task<FcmAccess> RequestAsync()
    {
        var now = clock.GetUtcNow();
        using var deadline = new CancellationTokenSource(RequestTimeout, clock);
        ProviderAnswer answer;
        try
        {
            answer = await http.PostAsync(
                _account.Value.TokenAddress, authorization: null, "application/x-www-form-urlencoded",
                FcmTokenRequest.Body(_account.Value, now), lease: null, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return FcmAccess.Refused(new SendResult.Unavailable("fcm:oauth-timeout"));
        }
        return answer switch
        {
            ProviderAnswer.Received { IsSuccess: true } granted => Read(granted.Body, now),
            ProviderAnswer.Received refused => FcmAccess.Refused(FcmOAuthError.Result(refused)),
            ProviderAnswer.NotSent fault => FcmAccess.Refused(new SendResult.Unavailable("fcm:oauth-" + fault.Reason)),
            // A token is lost, not a message.
            ProviderAnswer.Lost fault => FcmAccess.Refused(new SendResult.Unavailable("fcm:oauth-" + fault.Reason)),
            _ => throw new InvalidOperationException("Not an answer."),
        };
    }

    private static FcmAccess Read(ReadOnlyMemory<byte> body, DateTimeOffset askedAt)
    {
        using var document = ProviderJson.Parse(body);
        return document?.RootElement is { } root
            && root.TextOf("access_token") is { } token && IsHeaderSafe(token)
            && root.Member("expires_in") is { ValueKind: JsonValueKind.Number } seconds && seconds.TryGetInt32(out var lifetime)
            ? FcmAccess.Granted(token, askedAt + TimeSpan.FromSeconds(lifetime) - Margin)
            : FcmAccess.Refused(new SendResult.Unavailable("fcm:oauth-unreadable"));
    }

    /// <summary>Anything else would make the header throw, with the token in its message.</summary>
    private static bool IsHeaderSafe(string token) => token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    [LoggerMessage(EventId = 6101, Level = LogLevel.Error, Message = "Firebase access token refused: {Refusal}")]
    private static partial void LogRefused(ILogger logger, SendResult refusal);
}
