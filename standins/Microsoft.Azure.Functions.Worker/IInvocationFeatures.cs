namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a context can do, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>The feature of that type, or none.</summary>
    T? Get<T>();

    /// <summary>Sets the feature of that type.</summary>
    void Set<T>(T instance);
}
