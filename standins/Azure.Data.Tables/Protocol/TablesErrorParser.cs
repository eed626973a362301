using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>
/// Reads an error's body, <c>{"odata.error":{"code":…,"message":{"value":…}}}</c>. In a transaction the message begins with the position of
/// the write to blame, <c>"3:The specified entity already exists."</c>.
/// </summary>
internal sealed class TablesErrorParser : RequestFailedDetailsParser
{
    public static TablesErrorParser Instance { get; } = new();

    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        error = null;
        data = null;
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var details = document.RootElement.GetProperty("odata.error");
            var message = details.GetProperty("message").GetProperty("value").GetString() ?? "";
            error = new ResponseError(details.GetProperty("code").GetString(), message);
            var colon = message.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                data = new Dictionary<string, string>(StringComparer.Ordinal) { [TableTransactionFailedException.FailedIndexKey] = message[..colon] };
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // A proxy's or a gateway's answer: Azure.Core makes of it what it can.
            return false;
        }
    }
}
