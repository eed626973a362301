using System.Globalization;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sending.Throttling;

/// <summary>
/// What the gate promises whoever asks, over up to ten thousand seeded traces of those who ask, wait, die and give back. The gate of one
/// process; that Redis answers the same, step by step, is another test's.
/// </summary>
public sealed class ThrottleTracesTests
{
    private const int Traces = 10_000;
    private static readonly double[] Rates = [0.7, 2, 20, 333];

    [Fact]
    public void In_no_time_do_more_go_than_the_rate_and_half_a_second_s_whoever_dies_or_gives_back()
    {
        for (var seed = 0; seed < Traces; seed++)
        {
            var trace = new Trace(seed);
            trace.Run(seconds: Math.Max(4, 8 / trace.Rate), random =>
                trace.Enter((RateClass)random.Next(1, 4), random.Next(1, 9), mayDie: true));

            foreach (var window in new[] { 0.1, 1, 3 })
            {
                var most = (trace.Rate * window) + Math.Max(1, trace.Rate / 2) + 1e-6;
                for (int from = 0, to = 0, count = 0; from < trace.Starts.Count; count -= trace.Starts[from].Count, from++)
                {
                    for (; to < trace.Starts.Count && trace.Starts[to].At < trace.Starts[from].At + window; to++)
                    {
                        count += trace.Starts[to].Count;
                    }
                    Assert.True(count <= most, $"Seed {seed}: {count} in {window} s at {trace.Rate}/s.");
                }
            }
        }
    }

    [Fact]
    public void Who_is_alone_has_the_rate_and_the_older_is_served_first()
    {
        for (var seed = 0; seed < Traces; seed++)
        {
            var trace = new Trace(seed);
            var of = (RateClass)((seed % 3) + 1);
            var seconds = Math.Max(4, 12 / trace.Rate);
            trace.Run(seconds, random => trace.Fill(of, random.Next(1, 9)));

            var sent = trace.Starts.Sum(start => start.Count);
            Assert.True(sent >= (0.95 * trace.Rate * seconds) - 1, $"Seed {seed}: {sent} in {seconds} s at {trace.Rate}/s.");
            // One that came later may share the moment in which an older one ends, never overtake it.
            var finished = trace.Finished.ToList();
            Assert.True(finished.Zip(finished.Skip(1))
                .All(pair => pair.First.Since <= pair.Second.Since || pair.First.At - pair.Second.At < 0.6), $"Seed {seed}");
        }
    }

    [Fact]
    public void Where_all_wait_each_class_has_its_share_and_the_first_critical_one_does_not_wait()
    {
        for (var seed = 0; seed < (FullRun.IsAsked ? Traces : Traces / 10); seed++)
        {
            var trace = new Trace(seed);
            var seconds = Math.Max(10, 60 / trace.Rate);
            trace.Run(seconds, random =>
            {
                foreach (var of in new[] { RateClass.Critical, RateClass.High, RateClass.Rest })
                {
                    trace.Fill(of, random.Next(1, 4 + (int)(trace.Rate / 10)));
                }
            });

            var sent = (double)trace.Starts.Sum(start => start.Count);
            Assert.True(sent >= (0.95 * trace.Rate * seconds) - 1, $"Seed {seed}: {sent} in {seconds} s at {trace.Rate}/s.");
            var shares = new[] { RateClass.Critical, RateClass.High, RateClass.Rest }.Select(of =>
                trace.Starts.Where(start => start.Of == of).Sum(start => start.Count) / sent).ToList();
            Assert.True(Math.Abs(shares[0] - 0.6) < 0.1 && Math.Abs(shares[1] - 0.2) < 0.1 && Math.Abs(shares[2] - 0.2) < 0.1,
                $"Seed {seed}, {trace.Rate}/s: {string.Join(", ", shares.Select(share => share.ToString("f2", CultureInfo.InvariantCulture)))}");
            var first = trace.Starts.First(start => start.Of == RateClass.Critical).At;
            Assert.True(first <= Math.Max(1, 2 / trace.Rate), $"Seed {seed}: the first critical one waited for {first} s.");
        }
    }

    [Fact]
    public void Nobody_is_refused()
    {
        for (var seed = 0; seed < (FullRun.IsAsked ? Traces : Traces / 10); seed++)
        {
            var trace = new Trace(seed);
            trace.Run(seconds: 4, random => trace.Enter((RateClass)random.Next(1, 4), random.Next(1, 400), mayDie: false));

            Assert.True(trace.Later.Count == 0 || trace.Later.All(later => later > TimeSpan.Zero && later <= TimeSpan.FromMinutes(5)),
                $"Seed {seed}");
        }
    }

    /// <summary>Those who ask one provider, in time that passes by steps.</summary>
    private sealed class Trace : TimeProvider
    {
        private readonly Random _random;
        private readonly LocalProviderThrottle _gate;
        private readonly List<Waiter> _waiting = [];
        private DateTimeOffset _now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        private double _passed;
        private int _names;

        public Trace(int seed)
        {
            _random = new Random(seed);
            Rate = Rates[_random.Next(Rates.Length)];
            _gate = new LocalProviderThrottle(Options.Create(new ResilienceOptions()), this);
        }

        public double Rate { get; }

        public List<(double At, RateClass Of, int Count)> Starts { get; } = [];

        public List<(double At, long Since)> Finished { get; } = [];

        public List<TimeSpan> Later { get; } = [];

        public override DateTimeOffset GetUtcNow() => _now;

        public void Run(double seconds, Action<Random> arrive)
        {
            for (_passed = 0; _passed < seconds;)
            {
                arrive(_random);
                foreach (var waiter in _waiting.Where(waiter => waiter.Due <= _passed).ToList())
                {
                    _waiting.Remove(waiter);
                    Ask(waiter, ThrottleMode.Wait);
                }
                // Who waits is so much late at most.
                var step = TimeSpan.FromMilliseconds(_random.Next(1, 25));
                _now += step;
                _passed += step.TotalSeconds;
            }
        }

        /// <summary>One more of a class asks; some of those who wait die, and some of what is granted is given back.</summary>
        public void Enter(RateClass of, int requests, bool mayDie)
        {
            if (_waiting.Count < 40)
            {
                Ask(new Waiter(of, $"{_names++:d32}", requests, 0, 0), ThrottleMode.Enter);
            }
            if (mayDie && _waiting.Count > 0 && _random.Next(20) == 0)
            {
                _waiting.RemoveAt(_random.Next(_waiting.Count));
            }
        }

        /// <summary>Somebody of a class waits all the time.</summary>
        public void Fill(RateClass of, int requests)
        {
            // Enough for a quarter of a second, in which one asks again.
            for (var isTaken = true; isTaken && _waiting.Where(waiter => waiter.Of == of).Sum(waiter => waiter.Requests) < Math.Max(3,
                Rate / 2);)
            {
                isTaken = Ask(new Waiter(of, $"{_names++:d32}", requests, 0, 0), ThrottleMode.Enter).Later == TimeSpan.Zero;
            }
        }

        private ThrottleAnswer Ask(Waiter waiter, ThrottleMode mode)
        {
            var request = new ThrottleRequest(Channel.Sms, waiter.Of, mode, waiter.Ticket, waiter.Since,
                [new ThrottleCandidate("a", "", waiter.Requests, Rate)]);
            var answer = _gate.AdmitAsync(request, CancellationToken.None).GetAwaiter().GetResult();
            Assert.True(answer.Granted + answer.Kept <= waiter.Requests && answer is { Granted: >= 0, Kept: >= 0 });
            if (answer.Granted > 0)
            {
                Starts.Add((_passed, waiter.Of, answer.Granted));
            }
            if (answer.Granted + answer.Kept < waiter.Requests)
            {
                Later.Add(answer.Later);
            }
            if (answer.Kept > 0)
            {
                _waiting.Add(waiter with { Requests = answer.Kept, Since = answer.Since, Due = _passed + answer.Again.TotalSeconds });
            }
            else if (answer.Granted == waiter.Requests)
            {
                Finished.Add((_passed, answer.Since));
            }
            return answer;
        }

        private sealed record Waiter(RateClass Of, string Ticket, int Requests, long Since, double Due);
    }
}
