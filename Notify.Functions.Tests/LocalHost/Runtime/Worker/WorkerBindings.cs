using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Worker.Protocol;

namespace Notify.Functions.Tests.LocalHost.Runtime.Worker;

/// <summary>
/// What starts a function, in one line: as the worker tells the Functions host, and as the local host reads it off the attributes.
/// </summary>
internal static partial class WorkerBindings
{
    public static string Of(AppFunction function)
    {
        var trigger = function.Trigger switch
        {
            HttpFunctionTrigger http => Http(http.Level.ToString(), http.Methods, http.Route),
            KafkaFunctionTrigger kafka => $"kafka {kafka.Topic} {kafka.Group} many",
            QueueFunctionTrigger queue => $"queue {queue.Queue}",
            TimerFunctionTrigger timer => $"timer {timer.Schedule}",
            var other => throw new ArgumentException(other.Type, nameof(function)),
        };
        return $"{function.Name}: {trigger}{(function.Retry is { } retry ? Retry(retry.MaxRetries, retry.Minimum, retry.Maximum) : "")}";
    }

    public static string Of(RpcFunctionMetadata function, IConfiguration settings)
    {
        var binding = JsonDocument.Parse(
            Assert.Single(function.RawBindings, one => one.Contains("Trigger\"", StringComparison.Ordinal))).RootElement;
        string Text(string name) =>
            Placeholder().Replace(binding.GetProperty(name).GetString()!, found => settings[found.Groups["key"].Value]!);
        var trigger = binding.GetProperty("type").GetString() switch
        {
            "httpTrigger" => Http(Text("authLevel"), binding.TryGetProperty("methods", out var methods)
                ? methods.EnumerateArray().Select(one => one.GetString()!)
                : [], Text("route")),
            "kafkaTrigger" => $"kafka {Text("topic")} {Text("consumerGroup")} {Text("cardinality").ToLowerInvariant()}",
            "queueTrigger" => $"queue {Text("queueName")}",
            "timerTrigger" => $"timer {Text("schedule")}",
            var other => throw new ArgumentException(other, nameof(function)),
        };
        return $"{function.Name}: {trigger}{(function.RetryOptions is { } retry ? Retry(retry.MaxRetryCount, retry.MinimumInterval.ToTimeSpan(), retry.MaximumInterval.ToTimeSpan()) : "")}";
    }

    private static string Http(string level, IEnumerable<string> methods, string route) =>
        $"http {level.ToLowerInvariant()} {string.Join(',', methods.Select(one => one.ToUpperInvariant()).Order(StringComparer.Ordinal))} {route}";

    private static string Retry(int most, TimeSpan minimum, TimeSpan maximum) =>
        string.Create(CultureInfo.InvariantCulture, $", retried {most} times after {minimum} to {maximum}");

    [GeneratedRegex("%(?<key>[^%]+)%", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
