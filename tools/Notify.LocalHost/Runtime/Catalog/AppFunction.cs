using System.Reflection;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>A function as the host knows it.</summary>
/// <param name="Name">The name of its <c>[Function]</c> attribute.</param>
/// <param name="Method">The method that is called.</param>
/// <param name="Trigger">What starts it.</param>
/// <param name="Parameters">What each of the method's parameters takes, in order.</param>
/// <param name="Retry">The retry attribute of the method, if there is one.</param>
/// <param name="IsDisabled">Whether settings switch it off: listed, but not started by its trigger.</param>
internal sealed record AppFunction(
    string Name,
    MethodInfo Method,
    FunctionTrigger Trigger,
    IReadOnlyList<AppFunctionParameter> Parameters,
    TriggerRetryPolicy? Retry,
    bool IsDisabled)
{
    /// <summary>The type that the trigger's value is handed over as.</summary>
    public Type TriggerValueType => Parameters.Single(p => p.Source == ParameterSource.Trigger).Type;
}

/// <summary>A parameter of a function's method.</summary>
internal sealed record AppFunctionParameter(string Name, Type Type, ParameterSource Source);

/// <summary>Where a parameter's value comes from.</summary>
internal enum ParameterSource
{
    /// <summary>The trigger.</summary>
    Trigger,

    /// <summary>The route's value of the parameter's name.</summary>
    Route,

    /// <summary>The token that ends the invocation.</summary>
    Cancellation,
}
