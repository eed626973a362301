using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by an HTTP request.</summary>
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : TriggerBindingAttribute
{
    /// <summary>Which key a caller must present.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>The HTTP methods that start it; none means all.</summary>
    public string[]? Methods { get; } = methods;

    /// <summary>The route below the host's prefix; without one, the function's name.</summary>
    public string? Route { get; set; }
}
