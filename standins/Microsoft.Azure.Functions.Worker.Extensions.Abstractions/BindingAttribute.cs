namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>What all binding attributes derive from.</summary>
public abstract class BindingAttribute : Attribute
{
    /// <summary>Public, although the class is abstract, because the official one is.</summary>
    public BindingAttribute()
    {
    }
}
