namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>How many characters have to be put in, taken out or exchanged to make one text of another (Levenshtein).</summary>
internal static class EditDistance
{
    public static int Between(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var exchanged = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
