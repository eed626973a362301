using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Notify.Functions.Tests.Storage;

/// <summary>The wire under the table client: it keeps what was sent and answers what the test put in, in order.</summary>
internal sealed class TablesStandInWire
{
    /// <summary>The emulator's public key.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Queue<HttpResponseMessage> _answers = new();

    public List<Sent> Requests { get; } = [];

    public Sent Request => Assert.Single(Requests);

    public TableClient Table(string connectionString = "UseDevelopmentStorage=true") => Service(connectionString).GetTableClient("rows");

    public TableServiceClient Service(string connectionString)
    {
        var options = new TableClientOptions { Transport = Transport() };
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        return new TableServiceClient(connectionString, options);
    }

    public HttpPipelineTransport Transport() => new HttpClientTransport(new Handler(this));

    public TablesStandInWire Answers(HttpStatusCode status, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage(status);
        if (body is not null)
        {
            answer.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        _answers.Enqueue(answer);
        return this;
    }

    public TablesStandInWire AnswersError(HttpStatusCode status, string code, string message = "The reason.") =>
        Answers(status, """{"odata.error":{"code":"CODE","message":{"lang":"en-US","value":"MESSAGE\nRequestId:1\nTime:2"}}}""".Replace("CODE", code).Replace("MESSAGE", message));

    internal sealed record Sent(string Method, string Uri, IReadOnlyDictionary<string, string> Headers, string Body);

    private sealed class Handler(TablesStandInWire wire) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var headers = request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                .ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
            wire.Requests.Add(new Sent(request.Method.Method, request.RequestUri!.AbsoluteUri, headers, body));
            return wire._answers.TryDequeue(out var answer) ? answer : new HttpResponseMessage(HttpStatusCode.NoContent);
        }
    }
}
