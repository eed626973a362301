using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>Sends email by SendGrid's Mail Send API v3, up to 1,000 recipients a request.</summary>
/// <remarks>API: <c>https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send</c>.</remarks>
internal sealed class SendGridSender(
    [FromKeyedServices(SendGridSender.ProviderName)] ProviderHttp http, IOptions<SendGridOptions> options, TimeProvider clock)
        : IProviderSender
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "sendgrid";

    /// <summary>How often a refused request is sent again without the recipients to blame, before the rest waits for another try.</summary>
    private const int MostRequests = 5;

    private static readonly Uri Address = new("v3/mail/send", UriKind.Relative);

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string Account => options.Value.FromAddress ?? "";

    /// <inheritdoc/>
    public Channel Channel => Channel.Email;

    /// <inheritdoc/>
    public int MaxTargets => 1000;

    /// <inheritdoc/>
    /// <remarks>
    /// SendGrid refuses a request in which an address stands twice, and a whole request for one faulty address. So a repeated address
    /// goes out in a further request, and a refused request goes out again without the recipients it was refused for.
    /// </remarks>
    public async Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        if (request.Targets.Count is 0 or > 1000)
        {
            throw new ArgumentException("SendGrid takes 1 to 1,000 targets a request.", nameof(request));
        }
        var results = new SendResult?[request.Targets.Count];
        try
        {
            foreach (var round in Rounds(request.Targets, results))
            {
                await SendAsync(request, round, results, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (Array.Exists(results, result => result is not null))
        {
            // What has a result keeps it; nothing of the rest was written.
        }
        return [.. results.Select(result => result ?? new SendResult.Unavailable("sendgrid:cancelled"))];
    }

    /// <summary>
    /// Groups the targets, by their place, so that no address stands twice in a group; a target without an address gets its result here.
    /// </summary>
    private static List<List<int>> Rounds(IReadOnlyList<SendTarget> targets, SendResult?[] results)
    {
        var rounds = new List<List<int>>();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var place = 0; place < targets.Count; place++)
        {
            if (targets[place].Addresses is not [var address, ..] || AddressNormalizer.Email(address) is null)
            {
                results[place] = InvalidAddress;
                continue;
            }
            var round = seen[address] = seen.TryGetValue(address, out var last) ? last + 1 : 0;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }
            rounds[round].Add(place);
        }
        return rounds;
    }

    private async Task SendAsync(SendRequest request, List<int> places, SendResult?[] results, CancellationToken cancellationToken)
    {
        for (var sent = 0; places.Count > 0; sent++)
        {
            if (sent == MostRequests)
            {
                Set(results, places, new SendResult.Unavailable("sendgrid:too-many-invalid-addresses"));
                return;
            }
            var body = SendGridMessage.Write(request, places.Select(place => request.Targets[place]), options.Value);
            var answer = await http.PostAsync(
                Address, new AuthenticationHeaderValue("Bearer", options.Value.ApiKey), "application/json; charset=utf-8", body,
                request.Lease, cancellationToken);
            if (answer is ProviderAnswer.Received received
                && SendGridError.FaultyRecipients(received, places.Count) is { Count: > 0 } faulty)
            {
                Set(results, places.Where((_, index) => faulty.Contains(index)), InvalidAddress);
                places = [.. places.Where((_, index) => !faulty.Contains(index))];
                continue;
            }
            Set(results, places, Result(answer));
            return;
        }
    }

    private SendResult Result(ProviderAnswer answer) => answer switch
    {
        ProviderAnswer.Received { IsSuccess: true } accepted => new SendResult.Accepted(accepted.Header("X-Message-Id")),
        ProviderAnswer.Received refused => SendGridError.Result(refused, clock.GetUtcNow()),
        _ => HttpStatusMapping.OfNoAnswer(answer, ProviderName),
    };

    private static SendResult.Rejected InvalidAddress => new($"{ProviderName}:{SendGridError.InvalidAddress}", AddressIsDead: true);

    private static void Set(SendResult?[] results, IEnumerable<int> places, SendResult result)
    {
        foreach (var place in places)
        {
            results[place] = result;
        }
    }
}
