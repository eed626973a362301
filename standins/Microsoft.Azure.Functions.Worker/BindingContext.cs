namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger said beside the bound parameters.</summary>
public abstract class BindingContext
{
    /// <summary>The data by name, as the host sent them.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
