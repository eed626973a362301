namespace Microsoft.Azure.Functions.Worker;

/// <summary>One execution of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Names this invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Names the function, the same for every invocation.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The caller's trace.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger said beside the bound parameters.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>Where the runtime's retries stand.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>The services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Things shared within the invocation.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>What this context can do.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Fires when the host wants the invocation to end.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
