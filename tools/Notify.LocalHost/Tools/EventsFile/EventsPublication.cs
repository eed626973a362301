using System.Globalization;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.LocalHost.Tools.EventsFile;

/// <summary>Puts a file's events on their topics.</summary>
internal sealed class EventsPublication(IEventPublisher publisher, IOptions<BrokerOptions> broker, TimeProvider time)
{
    private const int PublishedAtOnce = 32;
    private const int Tries = 5;

    /// <summary>
    /// Publishes every line as it stands and returns where each of them went; the service sets aside what is no event, and lines that are
    /// not UTF-8 are named here.
    /// </summary>
    public async Task<IReadOnlyList<EventLine>> PublishAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        var lines = new List<EventLine>();
        await foreach (var some in FileLines.ReadAsync(path, cancellationToken).Chunk(PublishedAtOnce).WithCancellation(cancellationToken))
        {
            foreach (var line in some.Where(line => line.Text is null))
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  line {line.Number}: It is not UTF-8."));
            }
            var records = some.Select(line => EventLine.Read(line, broker.Value, time.GetUtcNow())).ToList();
            lines.AddRange(await Task.WhenAll(
                records.Select(async line => line with { Position = await PublishAsync(line.Record, cancellationToken) })));
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{lines.Count} events on the topics"));
        return lines;
    }

    /// <summary>The first record of a topic waits for the broker to make it, longer than the publisher may.</summary>
    private async Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await publisher.PublishAsync(record, cancellationToken);
            }
            catch (EventNotAcknowledgedException) when (tries < Tries)
            {
                // Should it have got there after all, it is one duplicate more.
            }
        }
    }
}
