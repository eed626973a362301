using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;

namespace Notify.Functions.Functions.Http;

/// <summary>
/// <c>/api/suppressions</c>: addresses that nothing is sent to; <c>?tenant=</c> everywhere. Addresses stand in bodies only: paths are
/// logged.
/// </summary>
public sealed class SuppressionFunctions(SuppressionList list)
{
    private const string What = "suppression";
    private const int PageSize = 100;
    private const int RowsOfOnePage = 2000;

    /// <summary>
    /// A tenant's suppressions, a page at a time: <c>?channel=</c>, <c>?cursor=</c> from <c>next</c>. A page may be empty while <c>next</c>
    /// goes on.
    /// </summary>
    [Function("ListSuppressions")]
    [Takes("tenant", "channel", "cursor")]
    public Task<IResult> ListSuppressions(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "suppressions")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (!HashCursor.TryParse(request.Parameter("cursor"), out var cursor))
        {
            return Task.FromResult(ProblemResults.BadCursor());
        }
        return request.TryChannel(out var channel)
            ? OfTenantAsync(request, tenant => PageAsync(tenant, channel, cursor, cancellationToken), cancellationToken)
            : Task.FromResult(ProblemResults.BadChannel());
    }

    /// <summary>
    /// Suppresses <c>{ "channel", "address", "note"? }</c>: 200 with the suppression that stands, an earlier one where there is one.
    /// </summary>
    [Function("AddSuppression")]
    [Takes("tenant")]
    public Task<IResult> AddSuppression(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "suppressions")] HttpRequest request,
        CancellationToken cancellationToken) =>
        OfAddressAsync(request, async (tenant, channel, address, note) =>
            Show(await list.AddAsync(tenant, channel, address, SuppressionSource.Manual, note, cancellationToken)), cancellationToken);

    /// <summary>The suppression of <c>{ "channel", "address" }</c>; 404 where there is none.</summary>
    [Function("FindSuppression")]
    [Takes("tenant")]
    public Task<IResult> FindSuppression(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "suppressions/find")] HttpRequest request,
        CancellationToken cancellationToken) =>
        OfAddressAsync(request, async (tenant, channel, address, _) =>
            await list.FindAsync(tenant, channel, address, cancellationToken) is { } found ? Show(found) : NotThere(), cancellationToken);

    /// <summary>A suppression by its id; 404 where there is none.</summary>
    [Function("GetSuppression")]
    [Takes("tenant")]
    public Task<IResult> GetSuppression(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "suppressions/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfTenantAsync(request, async tenant =>
            IsId(id) && await list.FindAsync(tenant, id, cancellationToken) is { } found ? Show(found) : NotThere(), cancellationToken);

    /// <summary>Takes an address off the list: 204, also where it is not on it.</summary>
    [Function("DeleteSuppression")]
    [Takes("tenant")]
    public Task<IResult> DeleteSuppression(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "suppressions/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfTenantAsync(request, async tenant =>
        {
            if (IsId(id))
            {
                await list.RemoveAsync(tenant, id, cancellationToken);
            }
            return Results.NoContent();
        }, cancellationToken);

    private async Task<IResult> PageAsync(string? tenant, Channel? channel, HashCursor cursor, CancellationToken cancellationToken)
    {
        var (items, looked) = (new List<object>(PageSize), 0);
        var (range, after) = (cursor.Range, cursor.After);
        for (; range < KeyedHashes.Partitions.Count; (range, after) = (range + 1, null))
        {
            await foreach (var one in list.StreamAsync(KeyedHashes.Partitions[range], after, cancellationToken))
            {
                if (items.Count == PageSize || looked++ == RowsOfOnePage)
                {
                    return Results.Json(new { items, next = new HashCursor(range, after).ToString() }, NotifyJson.Options);
                }
                after = one.Id;
                if (string.Equals(one.Tenant, tenant, StringComparison.Ordinal) && (channel is null || one.Channel == channel))
                {
                    items.Add(View(one));
                }
            }
        }
        return Results.Json(new { items, next = (string?)null }, NotifyJson.Options);
    }

    private static Task<IResult> OfAddressAsync(
        HttpRequest request, Func<string?, Channel, string, string?, Task<IResult>> action, CancellationToken cancellationToken) =>
        OfTenantAsync(request, async tenant =>
        {
            if (await RequestBody.ReadAsync(request, SuppressionReader.MaxBytes, cancellationToken) is not { } body)
            {
                return ProblemResults.TooLarge(SuppressionReader.MaxBytes);
            }
            var (channel, address, note, faults) = SuppressionReader.Read(body);
            return faults.Count > 0 ? ProblemResults.Invalid(faults, What) : await action(tenant, channel, address, note);
        }, cancellationToken);

    private static Task<IResult> OfTenantAsync(
        HttpRequest request, Func<string?, Task<IResult>> action, CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        return tenant is null || AddressSyntax.IsId(tenant)
            ? ProblemResults.OrServiceUnavailableAsync(request, () => action(tenant), cancellationToken)
                : Task.FromResult(ProblemResults.BadId());
    }

    private static bool IsId(string id) => id.Length == KeyedHashes.EventHashLength && Base32Hex.IsValid(id);

    private static IResult Show(Suppression one) => Results.Json(View(one), NotifyJson.Options);

    private static object View(Suppression one) => new
    {
        id = one.Id,
        channel = one.Channel.Name(),
        address = one.Address,
        source = one.Source.ToString().ToLowerInvariant(),
        detail = one.Detail,
        at = one.At,
    };

    private static IResult NotThere() => ProblemResults.NotFound("No such address is suppressed in this tenant.");
}
