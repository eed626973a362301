namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>A binding that can hand over many records at once.</summary>
public interface ISupportCardinality
{
    /// <summary>One record or many.</summary>
    Cardinality Cardinality { get; set; }
}
