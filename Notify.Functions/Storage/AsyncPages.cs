using System.Runtime.CompilerServices;

namespace Notify.Functions.Storage;

/// <summary>Cuts a stream into pages, of which one is in memory at a time.</summary>
public static class AsyncPages
{
    /// <summary>Pages of <paramref name="size"/> items; the last may have fewer, none is empty.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<T>(
        this IAsyncEnumerable<T> items, int size, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new List<T>(size);
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            page.Add(item);
            if (page.Count == size)
            {
                yield return page;
                page = new List<T>(size);
            }
        }
        if (page.Count > 0)
        {
            yield return page;
        }
    }
}
