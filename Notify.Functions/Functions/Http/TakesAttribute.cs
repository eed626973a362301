namespace Notify.Functions.Functions.Http;

/// <summary>
/// The query parameters that a call takes; none where it stands nowhere. <see cref="QueryParameters"/> refuses any other.
/// </summary>
/// <param name="names">Their names.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesAttribute(params string[] names) : Attribute
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names => names;
}
