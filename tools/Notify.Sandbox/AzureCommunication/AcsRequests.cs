using System.Text.Json;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>What both endpoints ask of a request: a signature, the API's version, and a body that can be read.</summary>
internal sealed class AcsRequests(AcsAccess access)
{
    /// <summary>The body as it was read, or the refusal that the request earns.</summary>
    public (T? Body, ProviderAnswer? Refusal) Read<T>(ProviderRequest request, string apiVersion, Func<JsonElement, AcsFields, T?> read)
        where T : class
    {
        if (access.Refusal(request) is { } refusal)
        {
            return (null, refusal);
        }
        if (request.Http.Query["api-version"] != apiVersion)
        {
            return (null, AcsErrors.BadRequest("The api-version is missing or not known."));
        }
        try
        {
            using var json = JsonBody.Parse(request.Body);
            var fields = new AcsFields();
            var body = read(json.RootElement, fields);
            return (body, fields.Fault is { } fault ? AcsErrors.BadRequest(fault) : null);
        }
        catch (JsonException)
        {
            return (null, AcsErrors.BadRequest("The body is not JSON."));
        }
    }
}
