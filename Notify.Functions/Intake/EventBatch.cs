using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Intake;

/// <summary>Several events in one request body: a JSON array.</summary>
internal static class EventBatch
{
    /// <summary>How many events a batch may hold.</summary>
    public const int MostEvents = 100;

    /// <summary>The whole body's size: a hundred ordinary events, or fifteen of the largest.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    // An event's own reader says what nests too deep; this only keeps the splitting bounded.
    private static readonly JsonReaderOptions Splitting = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>
    /// Cuts the body into the bytes of its events, none of them read yet; <see langword="null"/> and a fault where it is no array of 1 to
    /// 100, in which case nothing of it is to be used.
    /// </summary>
    public static (IReadOnlyList<ReadOnlyMemory<byte>>? Events, EventFault? Fault) Split(ReadOnlyMemory<byte> utf8)
    {
        utf8 = NotifyJson.WithoutMark(utf8);
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, Splitting);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return (null, new EventFault("$", "invalid", "A batch is a JSON array of events."));
            }
            var (events, count) = (new List<ReadOnlyMemory<byte>>(), 0);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                count++;
                if (count <= MostEvents)
                {
                    events.Add(utf8[start..(int)reader.BytesConsumed]);
                }
            }
            // Whatever follows the array must be white space.
            reader.Read();
            return count switch
            {
                0 => (null, new EventFault("$", "missing", "The batch holds no event.")),
                > MostEvents => (null, new EventFault("$", "too_many", $"The batch holds {count} events; the limit is {MostEvents}.")),
                _ => (events, null),
            };
        }
        catch (JsonException fault)
        {
            return (null, new EventFault("$", "not_json",
                $"The body is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})."));
        }
    }
}
