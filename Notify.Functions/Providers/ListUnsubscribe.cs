using System.Text.Json;

namespace Notify.Functions.Providers;

/// <summary>The headers of one-click unsubscribe (RFC 8058).</summary>
internal static class ListUnsubscribe
{
    /// <summary>Writes them as two properties.</summary>
    public static void Write(Utf8JsonWriter writer, string link)
    {
        writer.WriteString("List-Unsubscribe", $"<{link}>");
        writer.WriteString("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
}
