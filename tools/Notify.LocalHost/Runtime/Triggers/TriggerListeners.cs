using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;
using Notify.LocalHost.Runtime.Kafka;
using Notify.LocalHost.Runtime.Queues;
using Notify.LocalHost.Runtime.Timers;

namespace Notify.LocalHost.Runtime.Triggers;

/// <summary>Creates the listener of a function's trigger.</summary>
internal sealed class TriggerListeners(
    IFunctionInvoker invoker, ITopicSource topics, IQueueSource queues, HostJson hostJson, TimeProvider clock, ILoggerFactory loggers)
{
    /// <summary>The listener; <see langword="null"/> for an HTTP trigger, which the web server listens for.</summary>
    public ITriggerListener? Create(AppFunction function)
    {
        var logger = loggers.CreateLogger($"Function.{function.Name}");
        return function.Trigger switch
        {
            KafkaFunctionTrigger kafka => new KafkaListener(
                kafka, topics, new BatchExecutor(function, invoker, hostJson.Kafka, clock, logger), hostJson.Kafka, clock, logger),
            QueueFunctionTrigger queue => new QueueListener(
                queue, queues, new MessageProcessor(function, invoker, queues, hostJson.Queues, clock, logger), hostJson.Queues, clock,
                logger),
            TimerFunctionTrigger timer => new TimerListener(function, timer, invoker, clock, logger),
            _ => null,
        };
    }
}
