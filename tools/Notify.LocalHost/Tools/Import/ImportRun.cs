using System.Globalization;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;

namespace Notify.LocalHost.Tools.Import;

/// <summary>
/// Puts a file's recipients and subscriptions into the tables, some at a time, so that its size costs no memory. Importing it again changes
/// nothing; a store that is away is waited for.
/// </summary>
internal sealed class ImportRun(RecipientBulk recipients, TopicSubscribers topics, TransientFaultRetry retry)
{
    private const int AtOnce = 2000;
    private const int ShownFaults = 100;
    private const int Each = 10_000;

    /// <summary>Imports a file, showing progress and the first hundred faulty lines.</summary>
    public async Task<ImportSummary> RunAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        var summary = new ImportSummary();
        var some = new List<ImportEntry>(AtOnce);
        var next = Each;
        await foreach (var line in ImportLines.ReadAsync(path, cancellationToken))
        {
            summary.Lines++;
            var (entry, fault) = ImportEntry.Read(line);
            if (entry is not null)
            {
                some.Add(entry);
            }
            else if (++summary.Faulty <= ShownFaults)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  line {line.Number}: {fault}"));
            }
            if (some.Count == AtOnce)
            {
                await WriteAsync(some, summary, cancellationToken);
            }
            if (summary.Lines == next)
            {
                next += Each;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"  {summary.Lines} lines read, {summary.Recipients} recipients and {summary.Subscriptions} subscriptions written"));
                await output.FlushAsync(cancellationToken);
            }
        }
        await WriteAsync(some, summary, cancellationToken);
        if (summary.Faulty > ShownFaults)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  … and {summary.Faulty - ShownFaults} more"));
        }
        return summary;
    }

    private async Task WriteAsync(List<ImportEntry> some, ImportSummary summary, CancellationToken cancellationToken)
    {
        var profiles = some.Select(entry => entry.Profile).OfType<RecipientProfile>().ToList();
        var subscriptions = some.SelectMany(entry => entry.Subscriptions).ToList();
        await retry.RunAsync(token => recipients.PutAsync(profiles, token), cancellationToken);
        foreach (var topic in subscriptions.GroupBy(one => (one.Tenant, one.Topic)))
        {
            await retry.RunAsync(token =>
                topics.SubscribeAsync(topic.Key.Tenant, topic.Key.Topic, [.. topic.Select(one => one.Recipient)], token),
                cancellationToken);
        }
        summary.Recipients += profiles.Count;
        summary.Subscriptions += subscriptions.Count;
        some.Clear();
    }
}

/// <summary>What an import came to.</summary>
internal sealed class ImportSummary
{
    /// <summary>The records of the file.</summary>
    public int Lines { get; set; }

    /// <summary>The records that were left out.</summary>
    public int Faulty { get; set; }

    /// <summary>The profiles written.</summary>
    public int Recipients { get; set; }

    /// <summary>The subscriptions written.</summary>
    public int Subscriptions { get; set; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Lines} lines: {Recipients} recipients, {Subscriptions} subscriptions, {Faulty} faulty");
}
