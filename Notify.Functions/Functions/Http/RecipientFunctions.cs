using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Functions.Http;

/// <summary><c>/api/recipients</c>: profiles; <c>?tenant=</c> everywhere.</summary>
public sealed class RecipientFunctions(TableRecipientDirectory directory, RecipientErasure erasure)
{
    private const string What = "recipient";

    /// <summary>
    /// A tenant's recipients, a page at a time: <c>?cursor=</c> from <c>next</c>. A page may be empty while <c>next</c> goes on.
    /// </summary>
    [Function("ListRecipients")]
    [Takes("tenant", "cursor")]
    public Task<IResult> ListRecipients(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        if (tenant is not null && !AddressSyntax.IsId(tenant))
        {
            return Task.FromResult(ProblemResults.BadId());
        }
        if (!HashCursor.TryParse(request.Parameter("cursor"), out var cursor))
        {
            return Task.FromResult(ProblemResults.BadCursor());
        }
        return ProblemResults.OrServiceUnavailableAsync(request, async () =>
        {
            var page = await directory.ListAsync(tenant, cursor, cancellationToken);
            return Results.Json(new { items = page.Items, next = page.Next?.ToString() }, NotifyJson.Options);
        }, cancellationToken);
    }

    /// <summary>A profile; 404 where there is none.</summary>
    [Function("GetRecipient")]
    [Takes("tenant")]
    public Task<IResult> GetRecipient(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfUserAsync(request, id, async tenant =>
        {
            var found = await directory.FindAsync(tenant, [id], cancellationToken);
            return found.TryGetValue(id, out var profile) && !profile.IsErased ? Results.Json(profile, NotifyJson.Options) : NotThere();
        }, cancellationToken);

    /// <summary>Adds (201) or replaces (200) a profile, and answers with it as it is kept; 400 with every fault listed.</summary>
    [Function("PutRecipient")]
    [Takes("tenant")]
    public Task<IResult> PutRecipient(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "recipients/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfUserAsync(request, id, async tenant =>
        {
            if (await RequestBody.ReadAsync(request, ProfileReader.MaxBytes, cancellationToken) is not { } body)
            {
                return ProblemResults.TooLarge(ProfileReader.MaxBytes);
            }
            var (profile, faults) = ProfileReader.Read(tenant, id, body);
            if (profile is null)
            {
                return ProblemResults.Invalid(faults, What);
            }
            if (await IsBeingErasedAsync(tenant, id, cancellationToken))
            {
                return BeingErased();
            }
            var isNew = await directory.PutAsync(profile, cancellationToken);
            return Results.Json(profile, NotifyJson.Options, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        }, cancellationToken);

    /// <summary>Changes what a JSON Merge Patch names, and answers with the whole profile; 404 where there is none.</summary>
    [Function("PatchRecipient")]
    [Takes("tenant")]
    public Task<IResult> PatchRecipient(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "recipients/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfUserAsync(request, id, async tenant =>
        {
            if (await RequestBody.ReadAsync(request, ProfileReader.MaxBytes, cancellationToken) is not { } body)
            {
                return ProblemResults.TooLarge(ProfileReader.MaxBytes);
            }
            using var patch = StrictJson.Parse(body, ProfileReader.Depth, out var fault);
            if (patch is null || patch.RootElement.ValueKind != JsonValueKind.Object)
            {
                return ProblemResults.Invalid([fault ?? new EventFault("$", "invalid", "The body is a JSON object.")], What);
            }
            if (await IsBeingErasedAsync(tenant, id, cancellationToken))
            {
                return BeingErased();
            }
            IReadOnlyList<EventFault> faults = [];
            var changed = await directory.ChangeAsync(tenant, id, before =>
            {
                (var after, faults) = ProfilePatch.Apply(before, patch.RootElement);
                return after;
            }, cancellationToken, registersTokens: patch.RootElement.TryGetProperty("pushTokens", out _));
            return changed is not null ? Results.Json(changed, NotifyJson.Options) : faults.Count > 0
                ? ProblemResults.Invalid(faults, What) : NotThere();
        }, cancellationToken);

    private async Task<bool> IsBeingErasedAsync(string? tenant, string id, CancellationToken cancellationToken) =>
        await erasure.FindAsync(tenant, id, cancellationToken) is { State: ErasureReport.Erasing };

    private static IResult BeingErased() => ProblemResults.Conflict("The recipient is being erased; in a moment there can be a new one.");

    private static IResult NotThere() => ProblemResults.NotFound("No recipient has this id in this tenant.");

    private static Task<IResult> OfUserAsync(
        HttpRequest request, string id, Func<string?, Task<IResult>> action, CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        return AddressSyntax.IsUser(id) && !Notify.Functions.Ledger.ErasedIds.TryRead(id, out _)
            && (tenant is null || AddressSyntax.IsId(tenant))
            ? ProblemResults.OrServiceUnavailableAsync(request, () => action(tenant), cancellationToken)
            : Task.FromResult(ProblemResults.BadId());
    }
}
