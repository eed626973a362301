using System.Collections.Concurrent;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Notify.Functions.Tests.Architecture;

/// <summary>
/// Which types of one assembly use which types of any, read from its metadata and its code. What the compiler makes of a type (lambdas,
/// iterators, async methods) and types nested in it count as the type. The compiler copies constants: only the source shows their use.
/// </summary>
internal sealed class TypeGraph
{
    private static readonly ConcurrentDictionary<System.Reflection.Assembly, Lazy<TypeGraph>> Known = new();
    private readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal);

    private TypeGraph(ModuleDefinition module)
    {
        foreach (var type in module.GetTypes())
        {
            var uses = UsesOf(Outermost(type).FullName);
            foreach (var used in References(type).SelectMany(Parts))
            {
                uses.Add(Outermost(used).FullName);
            }
        }
        foreach (var (type, uses) in _uses)
        {
            uses.Remove(type);
        }
    }

    /// <summary>Each type with the types it uses, by their full names.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Uses => _uses;

    /// <summary>An assembly's types. It is read once, whoever asks.</summary>
    /// <param name="assembly">The assembly, loaded from its file.</param>
    public static TypeGraph Of(System.Reflection.Assembly assembly) => Known.GetOrAdd(assembly, static one => new Lazy<TypeGraph>(() =>
    {
        using var module = ModuleDefinition.ReadModule(one.Location);
        return new TypeGraph(module);
    })).Value;

    /// <summary>Each pair of namespaces of which the first uses the second, with the types of the first that do.</summary>
    /// <param name="root">Namespaces outside it are left out.</param>
    /// <param name="folderOf">The folder of a namespace below the root; what is in one folder is not compared.</param>
    public ILookup<(string From, string To), string> Folders(string root, Func<string, string> folderOf) =>
        (from pair in _uses
         from used in pair.Value
         where IsBelow(pair.Key, root) && IsBelow(used, root)
         let edge = (From: folderOf(NamespaceOf(pair.Key)[(root.Length + 1)..]), To: folderOf(NamespaceOf(used)[(root.Length + 1)..]))
         where edge.From != edge.To
         select (edge, Text: $"{pair.Key} → {used}")).ToLookup(use => use.edge, use => use.Text);

    private static bool IsBelow(string type, string root) => NamespaceOf(type).StartsWith(root + ".", StringComparison.Ordinal);

    private static string NamespaceOf(string type) => type.LastIndexOf('.') is > 0 and var dot ? type[..dot] : "";

    private HashSet<string> UsesOf(string type)
    {
        if (!_uses.TryGetValue(type, out var uses))
        {
            _uses.Add(type, uses = new HashSet<string>(StringComparer.Ordinal));
        }
        return uses;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference?> References(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. type.GenericParameters.SelectMany(Constraints),
        .. Attributes(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(property => Attributes(property).Append(property.PropertyType)),
        .. type.Events.SelectMany(one => Attributes(one).Append(one.EventType)),
        .. type.Methods.SelectMany(References),
    ];

    private static IEnumerable<TypeReference?> References(MethodDefinition method) =>
    [
        .. Attributes(method),
        .. Attributes(method.MethodReturnType),
        .. method.Parameters.SelectMany(Attributes),
        .. method.GenericParameters.SelectMany(Constraints),
        .. Signature(method),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Operand) : [],
    ];

    private static IEnumerable<TypeReference?> Operand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, .. Signature(method), .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, .. Signature(method)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Signature(MethodReference method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType);

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute =>
            attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument))
                .Select(argument => argument.Value).OfType<TypeReference>().Append(attribute.AttributeType));

    // A generic type is itself and its arguments, an array its elements.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        FunctionPointerType pointer =>
            pointer.Parameters.Select(parameter => parameter.ParameterType).Append(pointer.ReturnType).SelectMany(Parts),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };
}
