using Microsoft.Azure.Functions.Worker;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>What starts a function, with every <c>%setting%</c> resolved.</summary>
internal abstract record FunctionTrigger
{
    /// <summary>The trigger's type as bindings name it: <c>httpTrigger</c> and so on.</summary>
    public abstract string Type { get; }

    /// <summary>What the banner says of it.</summary>
    public abstract string Description { get; }
}

/// <summary>Started by an HTTP request.</summary>
/// <param name="Route">The route below the prefix, without a slash at its start.</param>
/// <param name="Methods">The methods in capitals; none means every one.</param>
/// <param name="Level">Which key a caller needs where keys are asked for.</param>
internal sealed record HttpFunctionTrigger(string Route, IReadOnlyList<string> Methods, AuthorizationLevel Level) : FunctionTrigger
{
    /// <inheritdoc/>
    public override string Type => "httpTrigger";

    /// <inheritdoc/>
    public override string Description => $"[{(Methods.Count == 0 ? "ANY" : string.Join(',', Methods))}] /{Route}";
}

/// <summary>Started by batches of a topic's records.</summary>
internal sealed record KafkaFunctionTrigger(string Topic, string Group) : FunctionTrigger
{
    /// <inheritdoc/>
    public override string Type => "kafkaTrigger";

    /// <inheritdoc/>
    public override string Description => $"topic {Topic}, group {Group}";
}

/// <summary>Started by a queue's messages.</summary>
internal sealed record QueueFunctionTrigger(string Queue) : FunctionTrigger
{
    /// <inheritdoc/>
    public override string Type => "queueTrigger";

    /// <inheritdoc/>
    public override string Description => $"queue {Queue}";
}

/// <summary>Started by the clock.</summary>
internal sealed record TimerFunctionTrigger(TimerSchedule Schedule, bool RunOnStartup) : FunctionTrigger
{
    /// <inheritdoc/>
    public override string Type => "timerTrigger";

    /// <inheritdoc/>
    public override string Description => $"schedule {Schedule}";
}
