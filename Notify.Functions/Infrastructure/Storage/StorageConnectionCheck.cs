using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Storage;

/// <summary>Says at start which setting of the storage account is missing or wrong.</summary>
internal sealed class StorageConnectionCheck : IValidateOptions<StorageConnectionOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageConnectionOptions options)
    {
        if (options.ConnectionString is { } connection)
        {
            return StorageConnection.CanRead(connection)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{StorageSettings.Connection} is not a connection string of Azure Storage.");
        }
        if (options.QueueServiceUri is null && options.TableServiceUri is null)
        {
            return ValidateOptionsResult.Fail(
                $"{StorageSettings.Connection} is missing: a connection string, or {StorageSettings.Connection}__queueServiceUri and "
                    + $"__tableServiceUri to sign in by identity.");
        }

        List<string> faults = [.. Fault("queueServiceUri", options.QueueServiceUri), .. Fault("tableServiceUri", options.TableServiceUri)];
        if (options.Credential is { } credential
            && !string.Equals(credential, StorageConnectionOptions.ManagedIdentity, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add($"{StorageSettings.Connection}:credential is '{credential}': it can be {StorageConnectionOptions.ManagedIdentity}, "
                + $"or be left out.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Fault(string setting, string? uri)
    {
        // A token must not travel in the clear; the clients refuse as well, but not before the first request.
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttps)
        {
            yield return $"{StorageSettings.Connection}:{setting} is no https address.";
        }
    }
}
