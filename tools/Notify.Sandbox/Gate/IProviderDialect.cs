using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Gate;

/// <summary>One endpoint of a provider: how it judges a request, and how it words what goes wrong.</summary>
internal interface IProviderDialect
{
    /// <summary>Its name in faults and statistics, one of <see cref="ProviderNames"/>.</summary>
    string Name { get; }

    /// <summary>The largest body that the provider reads.</summary>
    int MaxBodyBytes { get; }

    /// <summary>Judges a request as the provider would, and keeps what it accepts.</summary>
    ProviderAnswer Answer(ProviderRequest request);

    /// <summary>The body is larger than <see cref="MaxBodyBytes"/>.</summary>
    ProviderAnswer TooLarge();

    /// <summary>Something is wrong on the provider's side.</summary>
    ProviderAnswer Error(int status);

    /// <summary>Too many requests: the provider's own 429.</summary>
    ProviderAnswer RateLimited(TimeSpan retryAfter);

    /// <summary>A refusal for good.</summary>
    ProviderAnswer Rejected(int? status);
}

/// <summary>A request with its body read, and what a fault wants to be done with it.</summary>
internal sealed class ProviderRequest(HttpContext context, ReadOnlyMemory<byte> body)
{
    /// <summary>The request line and headers.</summary>
    public HttpRequest Http => context.Request;

    /// <summary>The raw body.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>A part of the path.</summary>
    public string Route(string name) => context.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>Set by a fault: what is accepted comes back, or fails where the provider sends no reports.</summary>
    public bool Bounces { get; init; }

    /// <summary>Set by the dialect once it has kept something.</summary>
    public bool Accepted { get; set; }
}
