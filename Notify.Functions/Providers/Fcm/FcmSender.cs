using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>Sends push notifications by Firebase Cloud Messaging, HTTP v1: one request a device, no batches, no delivery reports.</summary>
/// <remarks>API: <c>https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send</c>.</remarks>
internal sealed class FcmSender(
    [FromKeyedServices(FcmSender.ProviderName)] ProviderHttp http, FcmAccessTokens tokens, IOptions<FcmOptions> options, TimeProvider clock)
        : IProviderSender
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "fcm";

    private readonly Uri _address = new($"v1/projects/{options.Value.ProjectId}/messages:send", UriKind.Relative);

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string Account => options.Value.ProjectId;

    /// <inheritdoc/>
    public Channel Channel => Channel.Push;

    /// <inheritdoc/>
    public int MaxTargets => 1;

    /// <inheritdoc/>
    public string? RefusalOf(MessageContent content) => FcmMessage.RefusalOf(content);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        if (request.Targets is not [var target])
        {
            throw new ArgumentException("FCM takes one target a request.", nameof(request));
        }
        return [await SendAsync(request, target, cancellationToken)];
    }

    private async Task<SendResult> SendAsync(SendRequest request, SendTarget target, CancellationToken cancellationToken)
    {
        var devices = target.Addresses.Distinct(StringComparer.Ordinal).ToList();
        if (devices.Count == 0)
        {
            return new SendResult.Rejected("fcm:no-device");
        }
        var message = new FcmMessage(request, target, clock.GetUtcNow());
        if (message.Refusal is { } tooLarge)
        {
            return new SendResult.Rejected(tooLarge);
        }
        var access = await tokens.GetAsync(cancellationToken);
        if (access.Refusal is { } refusal)
        {
            return refusal;
        }

        var results = await Task.WhenAll(devices.Select(message.For).ToList()
            .Select(body => SendAsync(access, body, request.Lease, cancellationToken)));
        if (results.All(result => result is null))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        var outcome = FcmOutcome.Combine([.. results.Select(result => result ?? new SendResult.Unavailable("fcm:cancelled"))]);
        var dead = devices.Where((_, place) => results[place] is SendResult.Rejected { AddressIsDead: true }).ToList();
        return outcome is SendResult.Accepted accepted && dead.Count > 0 ? accepted with { DeadAddresses = dead } : outcome;
    }

    /// <summary>Sends to one device; <see langword="null"/> where it was cancelled before anything was written.</summary>
    private async Task<SendResult?> SendAsync(FcmAccess access, byte[] body, Lease? lease, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await PostAsync(access, body, lease, cancellationToken);
            if (answer is ProviderAnswer.Received refused && FcmError.IsOfAccess(refused))
            {
                // It may only be old: a second one that is refused says that the account is.
                tokens.Discard(access);
                var renewed = await tokens.GetAsync(cancellationToken);
                if (renewed.Refusal is { } refusal)
                {
                    return refusal;
                }
                answer = await PostAsync(renewed, body, lease, cancellationToken);
            }
            return answer switch
            {
                ProviderAnswer.Received { IsSuccess: true } accepted => new SendResult.Accepted(MessageName(accepted.Body)),
                ProviderAnswer.Received error => FcmError.Result(error),
                _ => HttpStatusMapping.OfNoAnswer(answer, ProviderName),
            };
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Task<ProviderAnswer> PostAsync(FcmAccess access, byte[] body, Lease? lease, CancellationToken cancellationToken) =>
        http.PostAsync(
        _address, new AuthenticationHeaderValue("Bearer", access.Token), "application/json; charset=utf-8", body, lease, cancellationToken);

    // Accepted all the same where there is none.
    private static string? MessageName(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        return document?.RootElement.TextOf("name");
    }
}
