namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Whether a trigger hands over many records at once or one.</summary>
public enum Cardinality
{
    /// <summary>A collection.</summary>
    Many,

    /// <summary>One record.</summary>
    One,
}
