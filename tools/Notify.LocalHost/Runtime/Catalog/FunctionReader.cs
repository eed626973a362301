using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>Reads one function off its attributes, and refuses what this host cannot run with a sentence that says why.</summary>
internal sealed class FunctionReader(string name, MethodInfo method, IConfiguration settings)
{
    private readonly SettingPlaceholders _placeholders = new(name, settings);

    public AppFunction Read()
    {
        // Once: where two hosts in one process ask at the same time, the next answer may be other objects.
        var all = method.GetParameters();
        var triggers = all.Select(p => (Parameter: p, Trigger: TriggerOf(p))).Where(p => p.Trigger is not null).ToList();
        if (triggers.Count != 1)
        {
            throw Fault(triggers.Count == 0
                ? "has no trigger that the local host knows (HTTP, Kafka, queue, timer)" : "has more than one trigger");
        }
        var trigger = triggers[0].Trigger!;
        CheckTriggerValue(trigger, triggers[0].Parameter);
        var result = trigger is HttpFunctionTrigger ? typeof(Task<IResult>) : typeof(Task);
        if (method.ReturnType != result && method.ReturnType != typeof(Task))
        {
            throw Fault($"returns {Display(method.ReturnType)}; the local host runs functions that return {Display(result)}");
        }
        var retry = TriggerRetryPolicy.Read(method);
        if (retry is not null && trigger is not (KafkaFunctionTrigger or TimerFunctionTrigger))
        {
            throw Fault("has a retry attribute, which Kafka and timer triggers alone allow");
        }
        AppFunctionParameter[] parameters = [.. all.Select(p => Parameter(p, triggers[0].Parameter, trigger))];
        return new AppFunction(name, method, trigger, parameters, retry, IsDisabled());
    }

    private FunctionTrigger? TriggerOf(ParameterInfo parameter)
    {
        foreach (var attribute in parameter.GetCustomAttributes())
        {
            switch (attribute)
            {
                case HttpTriggerAttribute http:
                    var route = (_placeholders.Resolve(http.Route) ?? name).TrimStart('/');
                    return new HttpFunctionTrigger(route, [.. (http.Methods ?? []).Select(m => m.ToUpperInvariant())], http.AuthLevel);
                case KafkaTriggerAttribute kafka:
                    return ReadKafka(kafka);
                case QueueTriggerAttribute queue:
                    return ReadQueue(queue);
                case TimerTriggerAttribute timer:
                    var expression = _placeholders.Resolve(timer.Schedule) ?? "";
                    var schedule = TimerSchedule.TryParse(expression)
                        ?? throw Fault($"has the schedule '{expression}', which is no cron expression of six fields");
                    return new TimerFunctionTrigger(schedule, timer.RunOnStartup);
                default:
                    break;
            }
        }
        return null;
    }

    private KafkaFunctionTrigger ReadKafka(KafkaTriggerAttribute kafka)
    {
        _ = _placeholders.Resolve(kafka.BrokerList);
        if (!kafka.IsBatched)
        {
            throw Fault("takes single records; the local host runs Kafka triggers with IsBatched = true");
        }
        return new KafkaFunctionTrigger(_placeholders.Resolve(kafka.Topic) ?? "", _placeholders.Resolve(kafka.ConsumerGroup) ?? "$Default");
    }

    private QueueFunctionTrigger ReadQueue(QueueTriggerAttribute queue)
    {
        var queueName = _placeholders.Resolve(queue.QueueName) ?? "";
        return QueueNames.IsValid(queueName)
            ? new QueueFunctionTrigger(queueName)
            : throw Fault(
                $"reads the queue '{queueName}', which is no queue name: 3 to 63 lower-case letters and digits, with single hyphens "
                    + $"between them");
    }

    private void CheckTriggerValue(FunctionTrigger trigger, ParameterInfo parameter)
    {
        Type[] allowed = trigger switch
        {
            HttpFunctionTrigger => [typeof(HttpRequest)],
            KafkaFunctionTrigger => [typeof(KafkaRecord[])],
            QueueFunctionTrigger => [typeof(string), typeof(BinaryData), typeof(byte[])],
            _ => [typeof(TimerInfo)],
        };
        if (!allowed.Contains(parameter.ParameterType))
        {
            throw Fault(
                $"takes its {trigger.Type} as {Display(parameter.ParameterType)} {parameter.Name}; the local host hands it over "
                    + $"as {string.Join(" or ", allowed.Select(Display))}");
        }
    }

    private AppFunctionParameter Parameter(ParameterInfo parameter, ParameterInfo triggerParameter, FunctionTrigger trigger)
    {
        var source = parameter switch
        {
            _ when parameter == triggerParameter => ParameterSource.Trigger,
            { ParameterType: var type } when type == typeof(CancellationToken) => ParameterSource.Cancellation,
            { ParameterType: var type } when type == typeof(string) && trigger is HttpFunctionTrigger http
                && IsInRoute(http, parameter.Name!) => ParameterSource.Route,
            _ => throw Fault(
                $"has the parameter {Display(parameter.ParameterType)} {parameter.Name}, which the local host cannot fill: it knows the "
                    + $"trigger's value, a CancellationToken and strings of the route"),
        };
        return new AppFunctionParameter(parameter.Name!, parameter.ParameterType, source);
    }

    private bool IsInRoute(HttpFunctionTrigger http, string parameter)
    {
        try
        {
            return RoutePatternFactory.Parse(http.Route).GetParameter(parameter) is not null;
        }
        catch (RoutePatternException fault)
        {
            throw new StartupException($"Function '{name}' has the route '{http.Route}', which cannot be read: {fault.Message}", fault);
        }
    }

    private bool IsDisabled() =>
        IsTrue(settings[$"AzureWebJobs.{name}.Disabled"]) || IsTrue(settings[$"AzureWebJobs:{name}:Disabled"]);

    private static bool IsTrue(string? value) => value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private static string Display(Type type) => !type.IsGenericType
        ? type.Name
        : type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]
            + $"<{string.Join(", ", type.GetGenericArguments().Select(Display))}>";

    private StartupException Fault(string what) => new($"Function '{name}' ({method.DeclaringType?.Name}.{method.Name}) {what}.");
}
