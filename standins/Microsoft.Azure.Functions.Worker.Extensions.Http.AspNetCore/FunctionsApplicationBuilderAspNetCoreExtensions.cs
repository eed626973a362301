namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The switch that makes functions take <c>HttpRequest</c> and return <c>IActionResult</c>.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Nothing to set up here: the local host maps HTTP functions on its own Kestrel.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder;
    }
}
