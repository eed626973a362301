using System.Globalization;
using Notify.Functions.Contract;
using Notify.LocalHost.Tools.EventsFile;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>The numbers that <c>samples/README.md</c> promises, read from its tables.</summary>
internal sealed class SampleExpectations
{
    private readonly List<List<string[]>> _tables = [];

    private SampleExpectations(IEnumerable<string> lines)
    {
        List<string[]>? table = null;
        foreach (var line in lines)
        {
            if (!line.StartsWith('|'))
            {
                table = null;
                continue;
            }
            if (table is null)
            {
                _tables.Add(table = []);
            }
            table.Add([.. line.Trim('|').Split('|').Select(cell => cell.Trim())]);
        }
    }

    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "samples");

    public static SampleExpectations Read() => new(File.ReadLines(Path.Combine(Folder, "README.md")));

    /// <summary>Asserts every number of the tables.</summary>
    public void Hold(EventsSummary summary)
    {
        var events = Rows("events");
        Assert.Equal(Number(events["lines"][0]), summary.Lines);
        Assert.Equal(Number(events["accepted"][0]), summary.Accepted);
        Assert.Equal(Number(events["duplicates"][0]), summary.Duplicates);
        Assert.Equal(Number(events["rejected"][0]), summary.Rejected.Values.Sum());
        Assert.Equal(Counts("rejected because"), summary.Rejected.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(Counts("suppressed because"), summary.Suppressed.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        var statuses = Table("channel")[0][1..^1];
        foreach (var channel in ContractNames.Channels.Select(channel => channel.Name()))
        {
            var expected = statuses.Zip(Rows("channel")[channel], (status, number) => $"{channel} {status} {number}");
            Assert.Equal(expected, statuses.Select(status => $"{channel} {status} {summary.Count(channel, status)}"));
        }
        Assert.Equal(Number(Rows("channel")["total"][^1]),
            ContractNames.Channels.Sum(channel => statuses.Sum(status => summary.Count(channel.Name(), status))));
        Assert.True(summary.IsExplained);
    }

    private List<string[]> Table(string heading) => Assert.Single(_tables, table => table[0][0] == heading);

    private Dictionary<string, string[]> Rows(string heading) =>
        Table(heading).Skip(2).ToDictionary(row => row[0], row => row[1..], StringComparer.Ordinal);

    private IEnumerable<KeyValuePair<string, int>> Counts(string heading) =>
        Rows(heading).Select(row => KeyValuePair.Create(row.Key, Number(row.Value[0]))).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
}
