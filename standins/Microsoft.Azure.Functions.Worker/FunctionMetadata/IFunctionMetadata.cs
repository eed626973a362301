namespace Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

/// <summary>What the worker tells the host of a function.</summary>
public interface IFunctionMetadata
{
    /// <summary>The function's name.</summary>
    string? Name { get; }

    /// <summary>Its bindings, a JSON object each.</summary>
    IList<string>? RawBindings { get; }
}
