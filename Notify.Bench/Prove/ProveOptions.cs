using System.Globalization;
using System.Security.Cryptography;

namespace Notify.Bench.Prove;

/// <summary>What the command line asks for.</summary>
internal sealed record ProveOptions
{
    /// <summary>What <c>--help</c> shows.</summary>
    public const string Help = """
        Proves that nothing is lost and nothing is sent twice, or finds where it is: real backends, several processes, and things that go wrong.

          dotnet run -c Release --project Notify.Bench -- prove [options]

          --minutes N      for how long things go wrong (10); afterwards everything is mended, and judged when it has come to an end
          --seed N         what happens when (a new one each time; it is printed)
          --rate N         events a second (36)
          --report FOLDER  where report.md and report.json go (the current folder)
          --break NAME     takes a guard away, to see that it is noticed: skip-attempt-row, commit-before-write, drop-outbox, ignore-conflict

        Needs redis-server, and Azurite in eng/azurite (eng/test.sh installs them). Ctrl-C ends the going wrong early, and judges.
        Ends with 0 where nothing was lost and nothing is unexplained, with 1 where something was, with 2 where it cannot run.
        """;

    public double Minutes { get; init; } = 10;

    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(1, 1_000_000);

    public double Rate { get; init; } = 36;

    public string Report { get; init; } = ".";

    public string? Break { get; init; }

    /// <summary>
    /// How far ahead "later" is: for the whole run no clock that is right sees it come near, or it would be put into a queue and wait there out of anybody's reach. A timer whose clock is ahead releases it.
    /// </summary>
    public TimeSpan Later => TimeSpan.FromMinutes(Minutes + 60);

    /// <summary>How far ahead the clock is of a timer that finds due what is due later.</summary>
    public TimeSpan Ahead => Later + TimeSpan.FromMinutes(1);

    /// <summary>Reads the arguments behind <c>prove</c>; <see langword="null"/> and a sentence where they make no sense.</summary>
    public static (ProveOptions? Options, string? Fault) Parse(IReadOnlyList<string> args)
    {
        var options = new ProveOptions();
        for (var index = 0; index < args.Count; index += 2)
        {
            if (index + 1 == args.Count)
            {
                return (null, $"{args[index]} needs a value.");
            }
            var value = args[index + 1];
            var isNumber = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (args[index])
            {
                case "--minutes" when isNumber && number <= 600:
                    options = options with { Minutes = number };
                    break;
                case "--rate" when isNumber && number <= 1000:
                    options = options with { Rate = number };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--report":
                    options = options with { Report = value };
                    break;
                case "--break" when LocalHost.Trials.Breaks.All.Contains(value, StringComparer.Ordinal):
                    options = options with { Break = value };
                    break;
                default:
                    return (null, $"{args[index]} {value} makes no sense; --help shows what does.");
            }
        }
        return (options, null);
    }
}
