using System.Globalization;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Status;

namespace Notify.LocalHost.Tools.EventsFile;

/// <summary>What became of a file's events, by the ledger.</summary>
internal sealed class EventsSummary
{
    // Pending, but not now: it is decided, and explained by its time.
    private const string Deferred = "deferred";
    private static readonly string[] Statuses =
        [Deferred, .. Enum.GetValues<DeliveryStatus>().Select(status => status.ToString().ToLowerInvariant())];
    private readonly Dictionary<(string Channel, string Status), int> _deliveries = [];
    private readonly Dictionary<string, int> _rejected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _suppressed = new(StringComparer.Ordinal);

    /// <summary>The lines of the file.</summary>
    public int Lines { get; internal set; }

    /// <summary>The events that were decided.</summary>
    public int Accepted { get; internal set; }

    /// <summary>The events that had been there before.</summary>
    public int Duplicates { get; internal set; }

    /// <summary>The records that were set aside, by the code of their first fault.</summary>
    public IReadOnlyDictionary<string, int> Rejected => _rejected;

    /// <summary>The suppressed deliveries by reason.</summary>
    public IReadOnlyDictionary<string, int> Suppressed => _suppressed;

    /// <summary>Whether every line has an outcome, and every delivery a final one.</summary>
    public bool IsExplained =>
        Lines == Accepted + Duplicates + _rejected.Values.Sum()
        && ContractNames.Channels.All(channel => Count(channel.Name(), "pending") == 0);

    /// <summary>How many deliveries of a channel have a status.</summary>
    public int Count(string channel, string status) => _deliveries.GetValueOrDefault((channel, status));

    internal void AddRejected(string cause) => _rejected[cause] = _rejected.GetValueOrDefault(cause) + 1;

    internal void Add(NotificationView view)
    {
        Accepted++;
        foreach (var delivery in view.Deliveries)
        {
            // Whether a digest has gone out by now is a matter of the clock, and not of the events.
            var status = delivery is { Digest: not null, Status: not ("suppressed" or "expired") } ? "batched"
                : delivery.Status == "pending" && EventsRun.IsDeferred(delivery) ? Deferred : delivery.Status;
            _deliveries[(delivery.Channel, status)] = Count(delivery.Channel, status) + 1;
            if (status == "suppressed")
            {
                _suppressed[delivery.Reason] = _suppressed.GetValueOrDefault(delivery.Reason) + 1;
            }
        }
    }

    /// <summary>The summary as a person reads it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Lines} events: {Accepted} accepted, {Duplicates} duplicates, {_rejected.Values.Sum()} rejected");
        text.AppendLine(_rejected.Count == 0 ? "" : $" ({List(_rejected)})");
        var shown = Statuses.Where(status => ContractNames.Channels.Any(channel => Count(channel.Name(), status) > 0)).ToList();
        text.AppendLine(Row("channel", [.. shown, "total"]));
        foreach (var channel in ContractNames.Channels.Select(channel => channel.Name()))
        {
            text.AppendLine(Row(channel, [.. shown.Select(status => Number(Count(channel, status))),
                Number(Statuses.Sum(status => Count(channel, status)))]));
        }
        text.AppendLine(Row("total", [.. shown.Select(status =>
            Number(ContractNames.Channels.Sum(channel => Count(channel.Name(), status)))), Number(_deliveries.Values.Sum())]));
        if (_suppressed.Count > 0)
        {
            text.Append("suppressed: ").AppendLine(List(_suppressed));
        }
        return text.ToString();
    }

    private static string List(Dictionary<string, int> counts) =>
        string.Join(", ", counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {Number(pair.Value)}"));

    private static string Row(string name, IReadOnlyList<string> cells) =>
        name.PadRight(9) + string.Concat(cells.Select(cell => cell.PadLeft(12)));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
