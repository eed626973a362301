namespace Notify.Functions.Tests.StandIns;

/// <summary>
/// How the official listing describes a type: its kind, its base type and its interfaces, without those that the base type has.
/// </summary>
internal static class TypeKinds
{
    public static string Of(Type type)
    {
        if (type.IsEnum)
        {
            return "enum";
        }

        var bases = Bases(type).Select(TypeNames.Of).ToList();
        return bases.Count == 0 ? Kind(type) : $"{Kind(type)} : {string.Join(", ", bases)}";
    }

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<Type> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return parent;
        }

        foreach (var contract in type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []))
        {
            yield return contract;
        }
    }
}
