namespace Azure.Data.Tables;

/// <summary>What a storage connection string says of the table service: where it is and how to sign.</summary>
internal sealed record ConnectionString(string Endpoint, string? Account, byte[]? Key, string? SharedAccessSignature)
{
    // The emulator's account and key are public: https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string DevelopmentEndpoint = "http://127.0.0.1:10002/" + DevelopmentAccount;

    public static ConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var settings = Settings(text);
        if (string.Equals(settings.GetValueOrDefault("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return new(DevelopmentEndpoint, DevelopmentAccount, Convert.FromBase64String(DevelopmentKey), SharedAccessSignature: null);
        }

        var account = settings.GetValueOrDefault("AccountName");
        var endpoint = settings.GetValueOrDefault("TableEndpoint") ?? (account is null ? null : DefaultEndpoint(settings, account));
        var signature = settings.GetValueOrDefault("SharedAccessSignature")?.TrimStart('?');
        var key = settings.GetValueOrDefault("AccountKey");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out _) || (signature is null && (account is null || key is null)))
        {
            throw new InvalidOperationException(
                "No valid combination of account information found: a connection string has UseDevelopmentStorage=true, or AccountName and AccountKey, or TableEndpoint and SharedAccessSignature.");
        }

        return new(endpoint.TrimEnd('/'), account, signature is null ? DecodeKey(key!) : null, signature);
    }

    private static string DefaultEndpoint(Dictionary<string, string> settings, string account)
    {
        var scheme = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return $"{scheme}://{account}.table.{suffix}";
    }

    // The message does not quote the text: it is a secret, even where it is mistyped.
    private static byte[] DecodeKey(string key)
    {
        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(key, bytes, out var length)
            ? bytes[..length]
            : throw new FormatException("The AccountKey of the connection string is not base64.");
    }

    private static Dictionary<string, string> Settings(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new FormatException("A connection string is made of Name=Value parts with semicolons between them.");
            }

            settings[part[..equals]] = part[(equals + 1)..];
        }

        return settings;
    }
}
