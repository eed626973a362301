using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Notify.Functions.Tests.Harness;

/// <summary>A collector of spans by OTLP over HTTP (protobuf), as much of it as a test wants to see.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Where it is.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>What has been collected.</summary>
    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <summary>The settings that let a process send here, soon.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(string service) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_SERVICE_NAME"] = service,
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            receiver.Read(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        app.MapPost("/v1/{signal}", () => Results.Bytes([], "application/x-protobuf"));
        await app.StartAsync(CancellationToken.None);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // The numbers are those of opentelemetry-proto's trace.proto, resource.proto and common.proto.
    private void Read(ReadOnlyMemory<byte> request)
    {
        foreach (var resourceSpans in Protobuf.Messages(request, 1))
        {
            var service = Protobuf.Messages(resourceSpans, 1).SelectMany(Attributes(1)).FirstOrDefault(one =>
                one.Key == "service.name").Value;
            foreach (var span in Protobuf.Messages(resourceSpans, 2).SelectMany(scope => Protobuf.Messages(scope, 2)))
            {
                _spans.Enqueue(new Span(
                    service, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5),
                    Attributes(9)(span).ToDictionary(StringComparer.Ordinal)));
            }
        }
    }

    private static Func<ReadOnlyMemory<byte>, IEnumerable<KeyValuePair<string, string>>> Attributes(int field) => message =>
        Protobuf.Messages(message, field)
            .Select(pair => KeyValuePair.Create(Text(pair, 1), Protobuf.Messages(pair, 2).Select(ValueOf).FirstOrDefault("")));

    private static string ValueOf(ReadOnlyMemory<byte> value) =>
        Protobuf.Fields(value).Select(one => one.Field == 1
            ? Encoding.UTF8.GetString(one.Bytes.Span) : one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .FirstOrDefault("");

    private static string Text(ReadOnlyMemory<byte> message, int field) =>
        Encoding.UTF8.GetString(Protobuf.Messages(message, field).FirstOrDefault().Span);

    private static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Convert.ToHexStringLower(Protobuf.Messages(message, field).FirstOrDefault().Span);

    /// <summary>One span.</summary>
    internal sealed record Span(
        string Service, string TraceId, string SpanId, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes);

    /// <summary>The wire format.</summary>
    private static class Protobuf
    {
        public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field) =>
            Fields(message).Where(one => one.Field == field).Select(one => one.Bytes);

        public static IEnumerable<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
        {
            for (var rest = message; rest.Length > 0;)
            {
                var tag = Varint(ref rest);
                var field = (int)(tag >> 3);
                switch (tag & 7)
                {
                    case 0:
                        yield return (field, Varint(ref rest), default);
                        break;
                    case 1:
                        yield return (field, BitConverter.ToUInt64(rest.Span), default);
                        rest = rest[8..];
                        break;
                    case 2:
                        var length = (int)Varint(ref rest);
                        yield return (field, 0, rest[..length]);
                        rest = rest[length..];
                        break;
                    case 5:
                        yield return (field, BitConverter.ToUInt32(rest.Span), default);
                        rest = rest[4..];
                        break;
                    default:
                        throw new InvalidDataException("No protobuf.");
                }
            }
        }

        private static ulong Varint(ref ReadOnlyMemory<byte> rest)
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var next = rest.Span[0];
                rest = rest[1..];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
