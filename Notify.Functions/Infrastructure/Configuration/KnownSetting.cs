using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>A setting that an options class has: a public property that can be set.</summary>
/// <param name="Path">The parts of its name; <see cref="Any"/> stands for one that the user chooses, such as a category.</param>
/// <param name="Type">What its value is read as.</param>
internal sealed record KnownSetting(IReadOnlyList<string> Path, Type Type)
{
    /// <summary>A part of a name that the user chooses.</summary>
    public const string Any = "{name}";

    /// <summary>The settings of an options class, whose names begin with the given parts.</summary>
    public static IEnumerable<KnownSetting> ReadFrom(Type options, params IReadOnlyList<string> path) =>
        PropertiesOf(options).SelectMany(property => ReadFrom(property, [.. path, NameOf(property)]));

    /// <summary>The properties of an options class.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0);

    /// <summary>What a property is called in settings.</summary>
    public static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    /// <summary>Whether a property holds settings of its own, by names that the user chooses.</summary>
    public static bool IsByName(PropertyInfo property) =>
        property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IDictionary<,>);

    /// <summary>Whether a property holds settings of its own, by fixed names.</summary>
    public static bool IsGroup(PropertyInfo property) => CanBeSet(property) && !IsByName(property) && !IsValue(property.PropertyType);

    /// <summary>Whether a name is this setting's.</summary>
    public bool Is(IReadOnlyList<string> path) =>
        path.Count == Path.Count
        && Path.Zip(path).All(part => part.First == Any || string.Equals(part.First, part.Second, StringComparison.OrdinalIgnoreCase));

    /// <summary>The name, with what the user has chosen in another one.</summary>
    public string NameLike(IReadOnlyList<string> path) =>
        string.Join(ConfigurationPath.KeyDelimiter, Path.Select((part, index) => part == Any && index < path.Count ? path[index] : part));

    /// <summary>Whether a text can be read as a value.</summary>
    public bool CanRead(string text)
    {
        if (Type == typeof(string))
        {
            return true;
        }
        try
        {
            var one = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("value", (string?)text)]).Build();
            var value = one.GetValue(Type, "value");
            return !Type.IsEnum || Enum.IsDefined(Type, value!);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What a value has to be, in words.</summary>
    public string Expected => (Nullable.GetUnderlyingType(Type) ?? Type) switch
    {
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(int) || type == typeof(long) => "a whole number",
        var type when type == typeof(double) => "a number",
        var type when type == typeof(Uri) => "an address",
        var type when type == typeof(TimeSpan) => "a time such as 00:00:30 or 1.00:00:00",
        { IsEnum: true } type => $"one of {string.Join(", ", Enum.GetNames(type))}",
        var type => type.Name,
    };

    private static IEnumerable<KnownSetting> ReadFrom(PropertyInfo property, IReadOnlyList<string> path) =>
        IsByName(property) ? ReadFrom(property.PropertyType.GenericTypeArguments[1], [.. path, Any])
        : !CanBeSet(property) ? []
        : IsValue(property.PropertyType) ? [new KnownSetting(path, property.PropertyType)]
        : ReadFrom(property.PropertyType, path);

    private static bool CanBeSet(PropertyInfo property) => property.SetMethod is { IsPublic: true };

    private static bool IsValue(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));
}
