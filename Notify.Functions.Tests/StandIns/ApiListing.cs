using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Notify.Functions.Tests.StandIns;

/// <summary>
/// Writes a type's public and protected members, one a line, in the format of the official packages' listing: kind, name, parameter
/// types, defaults, result, accessors and the flags that a caller or a derived class can see. Nullability is not in that format.
/// </summary>
internal static class ApiListing
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetTypes().Where(IsVisible).SelectMany(Of).Order(StringComparer.Ordinal);

    public static IEnumerable<string> Of(Type type)
    {
        yield return $"T:{TypeNames.Definition(type)} | {TypeKinds.Of(type)}";
        foreach (var field in type.GetFields(Declared).Where(f => IsVisible(f) && !f.IsSpecialName))
        {
            yield return Field(field);
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(c => IsVisible(c) && !c.IsStatic))
        {
            yield return $"M:{TypeNames.Definition(type)}.#ctor{Parameters(constructor)}{Flags(constructor)}";
        }

        foreach (var property in type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)))
        {
            yield return Property(property);
        }

        foreach (var @event in type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod)))
        {
            yield return $"E:{TypeNames.Definition(type)}.{@event.Name}{Flags(@event.AddMethod!)}";
        }

        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && !IsAccessor(m)))
        {
            var arity = method.IsGenericMethod ? "``" + method.GetGenericArguments().Length.ToString(CultureInfo.InvariantCulture) : "";
            yield return $"M:{TypeNames.Definition(type)}.{method.Name}{arity}{Parameters(method)} "
                + $"-> {TypeNames.Of(method.ReturnType)}{Flags(method)}";
        }
    }

    private static string Field(FieldInfo field) => field.DeclaringType!.IsEnum
        ? $"F:{TypeNames.Definition(field.DeclaringType)}.{field.Name} "
            + $"= {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
        : $"F:{TypeNames.Definition(field.DeclaringType)}.{field.Name} -> {TypeNames.Of(field.FieldType)}";

    private static string Property(PropertyInfo property)
    {
        var getter = IsVisible(property.GetMethod) ? "get; " : "";
        var setter = IsVisible(property.SetMethod) ? IsInit(property.SetMethod!) ? "init; " : "set; " : "";
        var accessor = property.GetAccessors(nonPublic: true).First(IsVisible);
        return $"P:{TypeNames.Definition(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}"
            + $" -> {TypeNames.Of(property.PropertyType)} {{ {getter}{setter}}}{Flags(accessor)}";
    }

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(",", parameters.Select(p => TypeNames.Of(p.ParameterType) + Default(p)))})";

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return "";
        }

        var value = parameter.DefaultValue;
        var text = value is null || parameter.RawDefaultValue is null ? "default" : Convert.ToString(value, CultureInfo.InvariantCulture);
        return $" = {text}";
    }

    private static string Flags(MethodBase method)
    {
        var flags = new List<string>();
        if (!method.IsPublic)
        {
            flags.Add("protected");
        }

        if (method.IsStatic)
        {
            flags.Add(method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "static extension" : "static");
        }
        else if (method is MethodInfo { IsVirtual: true, DeclaringType.IsInterface: false } member)
        {
            if (member.IsAbstract)
            {
                flags.Add("abstract");
            }
            else if (member.GetBaseDefinition() != member)
            {
                flags.Add("override");
            }
            else if (!member.IsFinal)
            {
                flags.Add("virtual");
            }
        }

        return flags.Count == 0 ? "" : $" | {string.Join(' ', flags)}";
    }

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsVisible(Type type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;
}
