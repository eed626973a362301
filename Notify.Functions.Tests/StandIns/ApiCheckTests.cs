using System.Reflection;

namespace Notify.Functions.Tests.StandIns;

/// <summary>That the check of the stand-ins finds what it is there to find.</summary>
public sealed class ApiCheckTests
{
    [Fact]
    public void Finds_no_fault_where_only_order_and_parameter_names_differ() => Assert.Empty(Faults(typeof(ApiSamples.TheSame)));

    [Fact]
    public void Finds_a_member_more() =>
        Assert.Equal(["declared, not listed: M:Courier.Rest -> System.Void | abstract"], Faults(typeof(ApiSamples.WithAMemberMore)));

    [Fact]
    public void Finds_a_member_less() =>
        Assert.Equal(["listed, not declared: M:Courier.Carry(System.String,Pace = Slow) -> System.String | abstract"], Faults(typeof(ApiSamples.WithAMemberLess)));

    [Fact]
    public void Finds_another_default() => AssertChanged(
        "M:Courier.Carry(System.String,Pace = Slow) -> System.String | abstract",
        "M:Courier.Carry(System.String,Pace = Fast) -> System.String | abstract",
        typeof(ApiSamples.WithAnotherDefault));

    [Fact]
    public void Finds_another_enum_value() => AssertChanged("F:Pace.Fast = 2", "F:Pace.Fast = 3", typeof(ApiSamples.WithAnotherEnumValue));

    [Fact]
    public void Finds_another_return_type() => AssertChanged(
        "M:Courier.Carry(System.String,Pace = Slow) -> System.String | abstract",
        "M:Courier.Carry(System.String,Pace = Slow) -> System.Threading.Tasks.Task{System.String} | abstract",
        typeof(ApiSamples.WithAnotherReturnType));

    [Fact]
    public void Finds_a_lost_setter() => AssertChanged(
        "P:Courier.Patience -> System.TimeSpan { get; set; } | abstract",
        "P:Courier.Patience -> System.TimeSpan { get; } | abstract",
        typeof(ApiSamples.WithoutASetter));

    [Fact]
    public void Finds_virtual_for_abstract() => AssertChanged(
        "M:Courier.Carry(System.String,Pace = Slow) -> System.String | abstract",
        "M:Courier.Carry(System.String,Pace = Slow) -> System.String | virtual",
        typeof(ApiSamples.WithAVirtualForAnAbstract));

    [Fact]
    public void Finds_another_base_type() =>
        AssertChanged("T:Courier | abstract class", "T:Courier | abstract class : System.Attribute", typeof(ApiSamples.WithABaseType));

    private static void AssertChanged(string listed, string declared, Type sample) =>
        Assert.Equal([$"declared, not listed: {declared}", $"listed, not declared: {listed}"], Faults(sample));

    private static IReadOnlyList<string> Faults(Type sample) => ApiCheck.Faults(Lines(sample), Lines(typeof(ApiSamples.Listed)));

    private static IEnumerable<string> Lines(Type sample) =>
        sample.GetNestedTypes(BindingFlags.Public)
            .SelectMany(ApiListing.Of)
            .Select(line => line.Replace(TypeNames.Definition(sample) + ".", "", StringComparison.Ordinal));
}
