using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Functions.Http;

/// <summary>
/// <c>/api/recipients/{id}/preferences</c>: what a recipient wants to hear of, and who changed it; <c>?tenant=</c> everywhere.
/// </summary>
public sealed class PreferenceFunctions(
    PreferenceStore store, TableRecipientDirectory directory, RecipientRows rows, IOptions<RecipientsOptions> options, TimeProvider time)
{
    private const string What = "preferences";
    private const int PageSize = 100;

    /// <summary>A recipient's choices; what nothing was chosen about is left out, and wanted.</summary>
    [Function("GetPreferences")]
    [Takes("tenant")]
    public Task<IResult> GetPreferences(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}/preferences")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfRecipientAsync(request, id, async (tenant, hash) => Show(await store.GetAsync(hash, cancellationToken)), cancellationToken);

    /// <summary>
    /// Replaces a recipient's choices by those in the body; <c>?by=</c> says who did. 400 with every fault listed, as for a required
    /// category.
    /// </summary>
    [Function("PutPreferences")]
    [Takes("tenant", "by")]
    public Task<IResult> PutPreferences(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "recipients/{id}/preferences")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfRecipientAsync(request, id, async (_, hash) =>
        {
            if (await RequestBody.ReadAsync(request, PreferenceReader.MaxBytes, cancellationToken) is not { } body)
            {
                return ProblemResults.TooLarge(PreferenceReader.MaxBytes);
            }
            var (wanted, quietHours, faults) = PreferenceReader.Read(body, options.Value.Required);
            if (faults.Count > 0)
            {
                return ProblemResults.Invalid(faults, What);
            }
            var by = request.Parameter("by") ?? "api";
            return Show(await store.ChangeAsync(hash, by, ChoiceVia.Api, before =>
                Replace(before, wanted, by) with { QuietHours = quietHours }, cancellationToken));
        }, cancellationToken);

    /// <summary>Who changed what, the newest first, a page at a time: <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetPreferenceChanges")]
    [Takes("tenant", "cursor")]
    public Task<IResult> GetPreferenceChanges(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}/preferences/changes")] HttpRequest request,
        string id, CancellationToken cancellationToken)
    {
        var cursor = request.Parameter("cursor");
        return cursor is { } given && (given.Length > 64 || !given.All(char.IsAsciiLetterOrDigit))
            ? Task.FromResult(ProblemResults.BadCursor())
            : OfRecipientAsync(request, id, async (_, hash) =>
            {
                var page = await store.TrailAsync(hash, cursor, cancellationToken).Take(PageSize + 1).ToListAsync(cancellationToken);
                return Results.Json(
                    new
                    {
                        items = page.Take(PageSize).Select(one =>
                            new { at = one.At, by = one.By, via = Word(one.Via), changes = one.Changes }),
                        next = page.Count > PageSize ? page[PageSize - 1].Id : null,
                    },
                    NotifyJson.Options);
            }, cancellationToken);
    }

    // What stays as it was keeps who chose it, and when.
    private PreferenceSet Replace(PreferenceSet before, IReadOnlyDictionary<string, bool> wanted, string by) => before with
    {
        Choices = wanted.ToDictionary(
            one => one.Key,
            one => before.ChoiceFor(one.Key) is { } same && same.Wanted == one.Value
                ? same : new Choice(one.Value, time.GetUtcNow(), by, ChoiceVia.Api),
            StringComparer.Ordinal),
    };

    private IResult Show(PreferenceSet preferences) =>
        Results.Json(PreferenceView.From(preferences, options.Value.Required), NotifyJson.Options);

    private static string Word(ChoiceVia via) => via switch
    {
        ChoiceVia.OneClick => "one_click",
        ChoiceVia.Page => "page",
        ChoiceVia.Provider => "provider",
        _ => "api",
    };

    private Task<IResult> OfRecipientAsync(
        HttpRequest request, string id, Func<string?, string, Task<IResult>> action, CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        if (AddressNormalizer.Recipient(request.PathId(id)) is not { } recipient || (tenant is not null && !AddressSyntax.IsId(tenant))
            || request.Parameter("by") is { } by && !AddressSyntax.IsId(by))
        {
            return Task.FromResult(ProblemResults.BadId());
        }
        return ProblemResults.OrServiceUnavailableAsync(request, async () =>
        {
            var known = await directory.FindAsync(tenant, [recipient], cancellationToken);
            return known.Count == 0
                ? ProblemResults.NotFound("No recipient has this id in this tenant.")
                : await action(tenant, rows.HashOf(tenant, recipient));
        }, cancellationToken);
    }
}
