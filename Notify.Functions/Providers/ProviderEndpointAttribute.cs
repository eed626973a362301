using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Providers;

/// <summary>
/// An address that secrets are sent to: absolute, <c>https</c>, without credentials, query or fragment. Plain <c>http</c> is for a
/// sandbox only: the machine itself, or a host name without a dot, as in a compose file.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProviderEndpointAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is Uri uri && IsEndpoint(uri);

    /// <summary>Whether secrets may be sent there.</summary>
    public static bool IsEndpoint(Uri uri) =>
        uri.IsAbsoluteUri && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsNear(uri)));

    private static bool IsNear(Uri uri) =>
        uri.IsLoopback || (uri.HostNameType == UriHostNameType.Dns && !uri.Host.Contains('.', StringComparison.Ordinal));
}
