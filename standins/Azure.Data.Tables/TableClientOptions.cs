using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Settings of the client: the protocol's version, and what every Azure client has (retries, transport, diagnostics).</summary>
public class TableClientOptions : ClientOptions
{
    /// <summary>Settings for a version of the protocol.</summary>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06) => Version = serviceVersion switch
    {
        ServiceVersion.V2019_02_02 => "2019-02-02",
        ServiceVersion.V2020_12_06 => "2020-12-06",
        _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
    };

    /// <summary>The versions of the protocol.</summary>
    public enum ServiceVersion
    {
        /// <summary>2019-02-02.</summary>
        V2019_02_02 = 1,

        /// <summary>2020-12-06, which takes Microsoft Entra tokens.</summary>
        V2020_12_06 = 2,
    }

    internal string Version { get; }
}
