namespace Notify.Functions.Tests.StandIns;

/// <summary>The format of the official listing, kind by kind; its files are the authority on it.</summary>
public sealed class ApiListingTests
{
    [Fact]
    public void Writes_a_delegate() => AssertLines(
        typeof(ApiListingSample.Step),
        "T:Step | delegate : System.MulticastDelegate",
        "M:Step.#ctor(System.Object,System.IntPtr)",
        "M:Step.BeginInvoke(System.String,System.AsyncCallback,System.Object) -> System.IAsyncResult | virtual",
        "M:Step.EndInvoke(System.IAsyncResult) -> System.Threading.Tasks.Task | virtual",
        "M:Step.Invoke(System.String) -> System.Threading.Tasks.Task | virtual");

    [Fact]
    public void Writes_an_interface_without_flags() => AssertLines(
        typeof(ApiListingSample.IPart),
        "T:IPart | interface : System.Collections.Generic.IEnumerable{System.Collections.Generic.KeyValuePair{System.Type,System.Object}}, System.Collections.IEnumerable",
        "M:IPart.Get``1 -> T",
        "P:IPart.Size -> System.Int32 { get; }");

    [Fact]
    public void Writes_a_struct_with_its_operators_and_overrides() => AssertLines(
        typeof(ApiListingSample.Code),
        "T:Code | struct : System.IEquatable{Code}",
        "M:Code.#ctor(System.String)",
        "M:Code.Equals(Code) -> System.Boolean",
        "M:Code.Equals(System.Object) -> System.Boolean | override",
        "M:Code.GetHashCode -> System.Int32 | override",
        "M:Code.op_Implicit(System.String) -> Code | static",
        "P:Code.Unknown -> Code { get; } | static");

    [Fact]
    public void Writes_extensions_defaults_and_references() => AssertLines(
        typeof(ApiListingSampleExtensions),
        "T:ApiListingSampleExtensions | static class",
        "F:ApiListingSampleExtensions.Constant -> System.String",
        "M:ApiListingSampleExtensions.Run``1(T,System.Byte[] = default,Code = default,System.Nullable{System.Int32} = default,System.Boolean = True,System.Threading.CancellationToken = default) -> System.Threading.Tasks.Task{T} | static extension",
        "M:ApiListingSampleExtensions.TryFind(System.String,System.Object@) -> System.Boolean | static");

    [Fact]
    public void Writes_what_a_derived_class_sees_and_not_what_the_assembly_sees() => AssertLines(
        typeof(ApiListingSample.Holder),
        "T:Holder | abstract class : System.Attribute, System.IDisposable",
        "E:Holder.Changed",
        "M:Holder.#ctor | protected",
        "M:Holder.Clean(System.String[]) -> System.Void | protected virtual",
        "M:Holder.Dispose -> System.Void",
        "P:Holder.Item(System.String) -> System.Object { get; set; }",
        "P:Holder.Once -> System.Int32 { get; init; }",
        "P:Holder.ReadOnly -> System.Int32 { get; }");

    private static void AssertLines(Type type, params string[] lines) =>
        Assert.Equal(lines.Order(StringComparer.Ordinal), ApiListing.Of(type).Select(Shortened).Order(StringComparer.Ordinal));

    private static string Shortened(string line) => line
        .Replace(TypeNames.Definition(typeof(ApiListingSample)) + ".", "", StringComparison.Ordinal)
        .Replace(typeof(ApiListingSample).Namespace + ".", "", StringComparison.Ordinal);
}
