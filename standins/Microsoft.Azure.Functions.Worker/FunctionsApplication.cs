namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a worker begins.</summary>
public class FunctionsApplication
{
    /// <summary>A builder with the defaults of the generic host.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
