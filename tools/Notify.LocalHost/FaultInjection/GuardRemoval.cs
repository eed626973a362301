using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Sending.Pipeline;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.FaultInjection;

/// <summary>
/// Takes one of the service's guards away, so that the harness that is to notice it can be tried: the environment variable
/// <c>NOTIFY_BREAK</c> names it. Composition alone; the service knows nothing of it.
/// </summary>
internal static class GuardRemoval
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "NOTIFY_BREAK";

    /// <summary>Attempts are sent without a row that says so.</summary>
    public const string SkipAttemptRow = "skip-attempt-row";

    /// <summary>The offset is committed before the ledger is written.</summary>
    public const string CommitBeforeWrite = "commit-before-write";

    /// <summary>A digest that is closed leaves no row that says it has to be enqueued.</summary>
    public const string DropOutbox = "drop-outbox";

    /// <summary>Who finds that somebody else was first goes on as if it were the first.</summary>
    public const string IgnoreConflict = "ignore-conflict";

    /// <summary>Nobody asks whether a claim has run out before a request goes out.</summary>
    public const string LateClaim = "late-claim";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [SkipAttemptRow, CommitBeforeWrite, DropOutbox, IgnoreConflict, LateClaim];

    /// <summary>Breaks what the name says; nothing where there is none.</summary>
    /// <exception cref="StartupException">There is no such guard.</exception>
    public static void Apply(IServiceCollection services, string? name)
    {
        switch (name)
        {
            case null or "":
                break;
            case CommitBeforeWrite:
                Wrap<ITopicSource>(services, source => new CommitFirstTopicSource(source));
                break;
            case SkipAttemptRow or DropOutbox or IgnoreConflict:
                Wrap<ITables>(services, tables => new GuardlessTables(tables, name));
                break;
            case LateClaim:
                services.Replace(ServiceDescriptor.Singleton(provider =>
                    new SendLeases(provider.GetRequiredService<IOptions<SendingOptions>>(), new StandingClock())));
                break;
            default:
                throw new StartupException($"{Variable} is one of {string.Join(", ", All)}.");
        }
    }

    // By it nothing ever runs out.
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => 0;
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, T> wrap) where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services.Replace(ServiceDescriptor.Singleton(provider =>
            wrap((T)(inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)))));
    }
}
