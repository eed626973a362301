namespace Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

/// <summary>Changes what the worker tells the host of the functions, before it does.</summary>
public interface IFunctionMetadataTransformer
{
    /// <summary>The transformer's name, for logs.</summary>
    string Name { get; }

    /// <summary>Changes the functions in place.</summary>
    void Transform(IList<IFunctionMetadata> original);
}
