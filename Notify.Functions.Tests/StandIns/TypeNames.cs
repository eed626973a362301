namespace Notify.Functions.Tests.StandIns;

/// <summary>
/// How the official listing writes a type: <c>N.Outer.Inner</c>, <c>N.List{T}</c>, <c>N.T[]</c>, <c>N.T@</c>, and <c>N.List`1</c> where it
/// is declared.
/// </summary>
internal static class TypeNames
{
    public static string Definition(Type type) => type.FullName!.Replace('+', '.');

    public static string Of(Type type)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!) + "@";
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (!type.IsGenericType)
        {
            return Definition(type);
        }

        var name = Definition(type.GetGenericTypeDefinition());
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(",", type.GetGenericArguments().Select(Of))}}}";
    }
}
