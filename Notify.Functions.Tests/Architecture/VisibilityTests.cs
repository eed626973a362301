using System.Reflection;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Architecture;

/// <summary>What only the programs here use is internal.</summary>
public sealed class VisibilityTests
{
    private static readonly Assembly App = typeof(NotifyApp).Assembly;

    /// <summary>The Functions worker makes the trigger classes, so they are public, and so is what they are made of, and on.</summary>
    [Fact]
    public void A_public_type_is_one_that_a_trigger_s_signature_needs()
    {
        var needed = new HashSet<Type>();
        var open = new Queue<Type>(App.GetExportedTypes().Where(IsTrigger));
        Assert.True(open.Count >= 20, $"{open.Count} triggers");
        while (open.TryDequeue(out var type))
        {
            if (type.Assembly == App && needed.Add(type))
            {
                foreach (var used in Used(type))
                {
                    open.Enqueue(used);
                }
            }
        }

        Assert.Empty(App.GetExportedTypes().Where(type => !needed.Contains(type) && !IsGenerated(type)).Select(type => type.FullName));
    }

    /// <summary>xunit passes others over without a word: those, too, that have their tests from a contract.</summary>
    [Fact]
    public void Every_class_with_tests_is_public()
    {
        var hidden = from type in typeof(VisibilityTests).Assembly.GetTypes()
                     where type is { IsClass: true, IsAbstract: false, IsVisible: false }
                     where type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>(inherit: true).Any())
                     select type.FullName;

        Assert.Empty(hidden);
    }

    private static bool IsTrigger(Type type) => type.Namespace!.StartsWith("Notify.Functions.Functions.", StringComparison.Ordinal);

    // The worker's own sources are compiled in.
    private static bool IsGenerated(Type type) => type.Namespace == "Notify.Functions";

    private static IEnumerable<Type> Used(Type type) =>
        type.GetMembers(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(IsVisible).SelectMany(Signature).Concat(type.GetInterfaces()).Append(type.BaseType).Append(type.DeclaringType)
            .OfType<Type>().SelectMany(Parts);

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        FieldInfo field => field.IsPublic || field.IsFamily,
        Type nested => nested.IsNestedPublic,
        _ => true,
    };

    private static IEnumerable<Type?> Signature(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        Type nested => [nested],
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
