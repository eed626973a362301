using Notify.Functions.Tests.Bench;
using Notify.Functions.Tests.Infra;
using Notify.Functions.Tests.Scenarios;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Notify.Functions.Tests.Harness.LongestFirst", "Notify.Functions.Tests")]

namespace Notify.Functions.Tests.Harness;

/// <summary>
/// Starts the classes that take minutes first, then the other slow ones, then the rest: begun last, a long one would run alone in the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
        [typeof(ProofTests), typeof(CrashPointTests), typeof(LimitScenarioTests), typeof(InfraTests), typeof(SendScenarioTests)];

    // A class without a collection of its own is one, named after it.
    private static readonly string[] Slow =
    [
        .. Longest.Concat(typeof(LongestFirst).Assembly.GetTypes().Where(IsSlow).Except(Longest))
            .Select(type => "Test collection for " + type.FullName),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(Slow, collection.DisplayName) is >= 0 and var place ? place : Slow.Length);

    private static bool IsSlow(Type type) => type.GetCustomAttributesData().Any(
        attribute => attribute.AttributeType == typeof(TraitAttribute) && attribute.ConstructorArguments is [_, { Value: "Slow" }]);
}
