using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Host;

/// <summary>Runbooks and alerts find a log line by its event id, so an id means one line, in whichever program it is written.</summary>
public sealed partial class EventIdTests
{
    // A block of ten belongs to one class, so that the next line of a class has a free id.
    private const int Block = 10;

    private static readonly IReadOnlyList<Line> Lines =
    [
        .. from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "Notify.*.dll")
           let name = Path.GetFileNameWithoutExtension(file)
           where name != typeof(EventIdTests).Assembly.GetName().Name
           from type in Assembly.Load(name).GetTypes()
           from method in type.GetMethods(
               BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
           where attribute is not null
           select new Line(attribute.EventId, type, method.Name),
    ];

    [Fact]
    public void An_event_id_means_one_log_line()
    {
        var twice = Lines.GroupBy(line => line.Id).Where(lines => lines.Count() > 1)
            .Select(lines => $"{lines.Key}: {string.Join(" and ", lines)}");

        Assert.True(Lines.Count > 60, $"Only {Lines.Count} lines were found.");
        HoldsNothing(twice);
    }

    [Fact]
    public void A_block_of_ten_event_ids_belongs_to_one_class()
    {
        var shared = Lines.GroupBy(line => line.Id / Block).Where(lines => lines.DistinctBy(line => line.Type).Count() > 1)
            .Select(lines => $"{lines.Key * Block} to {(lines.Key * Block) + Block - 1}: {string.Join(" and ", lines)}");

        HoldsNothing(shared);
    }

    [Fact]
    public void An_event_id_tells_the_program()
    {
        var astray = Lines.Where(line => !IsIn(line.Type, line.Id)).Select(line => $"{line.Id}: {line}");

        HoldsNothing(astray);
    }

    [Fact]
    public void The_runbooks_name_event_ids_of_the_app()
    {
        var named = IdsInText().Matches(RepositoryRoot.Read("docs", "operations.md"))
            .SelectMany(match => match.Groups["id"].Captures).Select(id => int.Parse(id.Value, CultureInfo.InvariantCulture)).ToHashSet();

        Assert.NotEmpty(named);
        HoldsNothing(named.Except(Lines.Where(line => line.Type.Assembly == typeof(NotifyApp).Assembly).Select(line => line.Id)));
    }

    // Assert.Empty and Assert.Equal cut texts off where the second place begins.
    private static void HoldsNothing<T>(IEnumerable<T> faults)
    {
        var all = string.Join(Environment.NewLine, faults);
        Assert.True(all.Length == 0, all);
    }

    private static bool IsIn(Type type, int id)
    {
        // The sandbox has its range wherever it lives.
        var name = type.FullName!;
        return name.Contains(".Sandbox.", StringComparison.Ordinal) ? id is >= 8000 and < 8100
            : name.StartsWith("Notify.LocalHost.", StringComparison.Ordinal) ? id is >= 8100 and < 9000
            : name.StartsWith("Notify.Bench.", StringComparison.Ordinal) ? id is >= 7000 and < 8000
            : id is (>= 1000 and < 7000) or (>= 9000 and < 10_000);
    }

    [GeneratedRegex(@"\blogs? (?<id>\d{4})(?: and (?<id>\d{4}))*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdsInText();

    private sealed record Line(int Id, Type Type, string Method)
    {
        public override string ToString() => $"{Type.FullName}.{Method}";
    }
}
