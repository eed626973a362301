using Microsoft.Extensions.Logging;

namespace Notify.Sandbox.Common;

/// <summary>What the sandbox logs. Never an address, a payload or a key.</summary>
internal static partial class SandboxLog
{
    [LoggerMessage(EventId = 8001, Level = LogLevel.Warning,
        Message = "Webhook call of {Provider} with {Reports} reports failed on try {Try}: {Reason}. It is made again.")]
    public static partial void CallFailed(ILogger logger, string provider, int reports, int @try, string reason);

    [LoggerMessage(EventId = 8002, Level = LogLevel.Error,
        Message = "Webhook call of {Provider} with {Reports} reports given up after try {Try}: {Reason}.")]
    public static partial void CallGivenUp(ILogger logger, string provider, int reports, int @try, string reason);

    [LoggerMessage(EventId = 8004, Level = LogLevel.Information,
        Message = "Webhook call of {Provider} with {Reports} reports failed while the process stops, and is not made again: {Reason}.")]
    public static partial void CallLeft(ILogger logger, string provider, int reports, string reason);

    [LoggerMessage(EventId = 8003, Level = LogLevel.Warning, Message = "Stopped with {Reports} reports not made.")]
    public static partial void StoppedWithPending(ILogger logger, long reports);
}
