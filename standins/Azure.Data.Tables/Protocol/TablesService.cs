using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Where the service is and how to talk to it; shared by the clients of all its tables.</summary>
internal sealed class TablesService
{
    private const string DataServiceVersion = "3.0";
    private const string Json = "application/json";
    private const string JsonWithTypes = "application/json;odata=minimalmetadata";

    private readonly HttpPipeline _pipeline;
    private readonly string _signature;
    private readonly string _version;

    public TablesService(string endpoint, string? sharedAccessSignature, HttpPipelinePolicy? authentication, TableClientOptions options)
    {
        Endpoint = endpoint;
        _signature = sharedAccessSignature ?? "";
        _version = options.Version;
        var pipeline = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TablesErrorParser.Instance };
        if (authentication is not null)
        {
            pipeline.PerRetryPolicies.Add(authentication);
        }

        _pipeline = HttpPipelineBuilder.Build(pipeline);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Endpoint { get; }

    public HttpMessage Message(RequestMethod method, string path, IReadOnlyDictionary<string, string>? query = null)
    {
        var message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri($"{Endpoint}/{path}{Query(query)}"));
        request.Headers.Add("x-ms-version", _version);
        request.Headers.Add("DataServiceVersion", DataServiceVersion);
        request.Headers.Add(HttpHeader.Names.Accept, JsonWithTypes);
        return message;
    }

    public HttpMessage Message(RequestMethod method, string path, ReadOnlyMemory<byte> body)
    {
        var message = Message(method, path);
        message.Request.Headers.Add(HttpHeader.Names.ContentType, Json);
        message.Request.Content = RequestContent.Create(body);
        return message;
    }

    /// <summary>Sends, and throws unless the status is one of those expected.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken, params int[] expected)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        return expected.Contains(message.Response.Status) ? message.Response : throw new RequestFailedException(message.Response);
    }

    private string Query(IReadOnlyDictionary<string, string>? query)
    {
        var parts = (query ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")
            .Append(_signature)
            .Where(part => part.Length > 0);
        var text = string.Join('&', parts);
        return text.Length == 0 ? "" : "?" + text;
    }
}
