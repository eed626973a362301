using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Notify.LocalHost.Hosting;

/// <summary>
/// Log lines for reading: <c>12:00:00.123 warn Dispatcher: message</c>; the category without its namespace, exceptions below.
/// </summary>
internal sealed class ShortConsoleFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "short";
    private const int StartupFaulted = 11;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (logEntry.EventId.Id == StartupFaulted && logEntry.Category == "Microsoft.Extensions.Hosting.Internal.Host")
        {
            // The program itself says why it cannot start, in a sentence where it can.
            return;
        }
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(clock.GetLocalNow().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        textWriter.Write(Level(logEntry.LogLevel));
        textWriter.Write(' ');
        textWriter.Write(Short(logEntry.Category));
        textWriter.Write(": ");
        textWriter.WriteLine(message.ReplaceLineEndings(" "));
        if (logEntry.Exception is { } fault)
        {
            textWriter.WriteLine($"    {fault.ToString().ReplaceLineEndings(Environment.NewLine + "    ")}");
        }
    }

    /// <summary>The last part of a type's name; <c>Function.Dispatch</c> stays whole, for it is no type.</summary>
    private static string Short(string category) =>
        category.StartsWith("Function.", StringComparison.Ordinal) ? category : category[(category.LastIndexOf('.') + 1)..];

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
