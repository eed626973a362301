using System.Globalization;
using System.Text.Json.Nodes;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// The envelope of an event (<see href="https://learn.microsoft.com/azure/event-grid/event-schema">Event Grid event schema</see>).
/// </summary>
internal static class AcsEvent
{
    private const string Topic =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/sandbox"
        + "/providers/microsoft.communication/communicationservices/sandbox";

    /// <summary>A new event, as JSON.</summary>
    public static string Json(string type, string subject, DateTimeOffset at, JsonObject data) => new JsonObject
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["topic"] = Topic,
        ["subject"] = subject,
        ["data"] = data,
        ["eventType"] = "Microsoft.Communication." + type,
        ["dataVersion"] = "1.0",
        ["metadataVersion"] = "1",
        ["eventTime"] = Time(at),
    }.ToJsonString(SandboxJson.Options);

    /// <summary>A time as events have it.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
