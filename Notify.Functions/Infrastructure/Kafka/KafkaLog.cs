using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// Brings what librdkafka says into the service's log. It speaks of brokers, topics and groups, never of a record's content.
/// </summary>
internal static partial class KafkaLog
{
    /// <summary>
    /// Passes on one line of librdkafka's own log. A broker that cannot be reached is an error to it; to us it is a warning, for the client
    /// goes on by itself.
    /// </summary>
    public static void Write(ILogger logger, LogMessage message)
    {
        var level = (LogLevel)Math.Min((int)LogLevel.Warning, message.LevelAs(LogLevelType.MicrosoftExtensionsLogging));
        if (logger.IsEnabled(level))
        {
            Line(logger, level, message.Facility, message.Message);
        }
    }

    /// <summary>
    /// Passes on an error of a client. Most heal by themselves (a connection lost, a broker not reachable); one that is fatal has made
    /// the client unusable.
    /// </summary>
    public static void Write(ILogger logger, Error error)
    {
        if (error.IsFatal)
        {
            Fatal(logger, error.Code, error.Reason);
        }
        else
        {
            Passing(logger, error.Code, error.Reason);
        }
    }

    [LoggerMessage(EventId = 9101, Message = "Kafka: {Facility}: {Line}")]
    private static partial void Line(ILogger logger, LogLevel level, string facility, string line);

    [LoggerMessage(9102, LogLevel.Debug, "Kafka: {Code}: {Reason}")]
    private static partial void Passing(ILogger logger, ErrorCode code, string reason);

    [LoggerMessage(9103, LogLevel.Error, "The Kafka client is unusable: {Code}: {Reason}")]
    private static partial void Fatal(ILogger logger, ErrorCode code, string reason);
}
