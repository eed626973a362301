using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The rows of a query, page by page; each answer says in two headers where the next page begins.</summary>
internal sealed class EntityPages<T>(TablesService service, string table, string? filter, int? maxPerPage, string? select, CancellationToken cancellationToken)
    : AsyncPageable<T>(cancellationToken)
    where T : class, ITableEntity
{
    private const char Separator = ' ';

    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        PagesAsync(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);

    private async IAsyncEnumerable<Page<T>> PagesAsync(string? token, int? size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await PageAsync(token, size, cancellationToken);
            yield return page;
            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    private async Task<Page<T>> PageAsync(string? token, int? size, CancellationToken cancellationToken)
    {
        using var message = service.Message(RequestMethod.Get, TablePaths.Rows(table), Query(token, size));
        var response = await service.SendAsync(message, cancellationToken, 200);
        return Page<T>.FromValues(EntityReader.ReadPage<T>(response), Token(response), response);
    }

    private static string? Token(Response response) =>
        response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition)
            ? response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row) ? partition + Separator + row : partition
            : null;

    private Dictionary<string, string> Query(string? token, int? size)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("$filter", filter);
        Add("$top", size?.ToString(CultureInfo.InvariantCulture));
        Add("$select", select);
        var next = token?.Split(Separator, 2);
        Add("NextPartitionKey", next?[0]);
        Add("NextRowKey", next?.ElementAtOrDefault(1));
        return query;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }
    }
}
