using System.Text;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A record's header.</summary>
public class KafkaHeader
{
    /// <summary>The name.</summary>
    public string Key { get; set; } = null!;

    /// <summary>The raw value; a header may have none.</summary>
    public byte[]? Value { get; set; }

    /// <summary>The value as UTF-8 text; null where there is none.</summary>
    public string? GetValueAsString() => Value is null ? null : Encoding.UTF8.GetString(Value);
}
