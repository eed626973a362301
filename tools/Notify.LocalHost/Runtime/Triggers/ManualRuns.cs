using System.Collections.Concurrent;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;
using Notify.LocalHost.Runtime.Kafka;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.Runtime.Triggers;

/// <summary>Runs functions by hand, beside their triggers: once, without retries, leases or offsets.</summary>
internal sealed partial class ManualRuns(IFunctionInvoker invoker, Drain drain, TimeProvider clock, ILogger<ManualRuns> logger)
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Everything that is running now.</summary>
    public Task AllDoneAsync() => Task.WhenAll(_running.Keys);

    /// <summary>Starts a run and returns at once. An HTTP function cannot be run so.</summary>
    public void Start(AppFunction function, string? input)
    {
        ArgumentNullException.ThrowIfNull(function);
        var value = ValueFor(function, input ?? "");
        var run = Task.Run(() => RunAsync(function, value), CancellationToken.None);
        _running.TryAdd(run, true);
        _ = run.ContinueWith(
            (done, state) => ((ConcurrentDictionary<Task, bool>)state!).TryRemove(done, out _), _running,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private object ValueFor(AppFunction function, string input) => function.Trigger switch
    {
        KafkaFunctionTrigger kafka => KafkaRecords.FromInput(kafka.Topic, input, clock.GetUtcNow()),
        QueueFunctionTrigger => QueueValues.From(Encoding.UTF8.GetBytes(input), function.TriggerValueType),
        TimerFunctionTrigger timer => new TimerInfo
        {
            ScheduleStatus = new ScheduleStatus { Next = timer.Schedule.After(clock.GetUtcNow()).UtcDateTime },
        },
        _ => throw new ArgumentException($"{function.Name} cannot be run by hand.", nameof(function)),
    };

    private async Task RunAsync(AppFunction function, object value)
    {
        try
        {
            Started(function.Name);
            await invoker.InvokeAsync(function, value, drain.Abandoned);
            Done(function.Name);
        }
        catch (Exception fault)
        {
            Failed(function.Name, fault);
        }
    }

    [LoggerMessage(EventId = 8501, Level = LogLevel.Information, Message = "{function} started by hand")]
    private partial void Started(string function);

    [LoggerMessage(EventId = 8502, Level = LogLevel.Information, Message = "{function} started by hand has succeeded")]
    private partial void Done(string function);

    [LoggerMessage(EventId = 8503, Level = LogLevel.Error, Message = "{function} started by hand has failed")]
    private partial void Failed(string function, Exception fault);
}
