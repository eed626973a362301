using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class FunctionCatalogTests
{
    private readonly Dictionary<string, string?> _settings = new(SampleRuntime.Settings, StringComparer.Ordinal);

    [Fact]
    public void Finds_every_kind_of_function_by_its_attributes()
    {
        var functions = Read(typeof(SampleFunctions)).Functions.ToDictionary(f => f.Name, StringComparer.Ordinal);

        Assert.Equal(
            ["Binary", "Bytes", "Hello", "Open", "PatientRecords", "Poison", "Records", "Text", "Tick", "TickAtStart"],
            functions.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new KafkaFunctionTrigger("sample.events", "sample-group"), functions["Records"].Trigger);
        Assert.Equal(new QueueFunctionTrigger("sample-text"), functions["Text"].Trigger);
        Assert.Equal("0 */5 * * * *", Assert.IsType<TimerFunctionTrigger>(functions["Tick"].Trigger).Schedule.ToString());
        var hello = Assert.IsType<HttpFunctionTrigger>(functions["Hello"].Trigger);
        Assert.Equal(("hello/{name}/{more?}", AuthorizationLevel.Function), (hello.Route, hello.Level));
        Assert.Equal(["GET", "POST"], hello.Methods);
        Assert.Equal("Open", Assert.IsType<HttpFunctionTrigger>(functions["Open"].Trigger).Route);
        Assert.Equal(
            [ParameterSource.Trigger, ParameterSource.Route, ParameterSource.Route, ParameterSource.Cancellation],
            functions["Hello"].Parameters.Select(p => p.Source));
        Assert.Equal(-1, functions["PatientRecords"].Retry!.MaxRetries);
        Assert.Null(functions["Records"].Retry);
        Assert.All(functions.Values, f => Assert.False(f.IsDisabled));
    }

    [Theory]
    [InlineData("AzureWebJobs.Text.Disabled", "true")]
    [InlineData("AzureWebJobs.Text.Disabled", "1")]
    [InlineData("AzureWebJobs:Text:Disabled", "True")]
    public void Lists_a_function_that_settings_disable_as_disabled(string key, string value)
    {
        _settings[key] = value;

        Assert.Equal(["Text"], Read(typeof(SampleFunctions)).Functions.Where(f => f.IsDisabled).Select(f => f.Name));
    }

    [Fact]
    public void Loads_only_the_functions_that_are_asked_for_whatever_the_others_are_like()
    {
        _settings.Clear();

        var catalog = Read(only: ["text", "Tick"], typeof(SampleFunctions));

        Assert.Equal(["Text", "Tick"], catalog.Functions.Select(f => f.Name));
        Assert.NotNull(catalog.Find("TEXT"));
        Assert.Null(catalog.Find("Records"));
    }

    [Fact]
    public void Says_which_function_there_is_not()
    {
        var fault = Assert.Throws<StartupException>(() => Read(only: ["Text", "Txet"], typeof(SampleFunctions)));

        Assert.StartsWith("There is no function 'Txet'. There are: Binary, Bytes, Hello,", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Names_the_function_and_the_setting_that_it_misses(string? value)
    {
        _settings["Sample:Topic"] = value;

        var fault = Assert.Throws<StartupException>(() => Read(only: ["Records"], typeof(SampleFunctions)));

        Assert.Equal(
            "Function 'Records' needs the setting 'Sample:Topic', which is missing or empty (as an environment variable: Sample__Topic).",
            fault.Message);
    }

    [Theory]
    [InlineData(typeof(Duplicate), "The function name 'Same' is used twice: by Duplicate.One and Duplicate.Two.")]
    [InlineData(typeof(LonelyPercent), "Function 'F' has '100%' in an attribute, where a '%' has no partner.")]
    [InlineData(typeof(NoTrigger), "has no trigger that the local host knows")]
    [InlineData(typeof(TwoTriggers), "has more than one trigger")]
    [InlineData(typeof(WrongValue),
        "takes its queueTrigger as Int32 message; the local host hands it over as String or BinaryData or Byte[]")]
    [InlineData(typeof(WrongKafkaValue), "takes its kafkaTrigger as String[] records; the local host hands it over as KafkaRecord[]")]
    [InlineData(typeof(SingleRecord), "with IsBatched = true")]
    [InlineData(typeof(WrongParameter), "has the parameter Uri where, which the local host cannot fill")]
    [InlineData(typeof(NotInRoute), "has the parameter String id, which the local host cannot fill")]
    [InlineData(typeof(WrongResult), "returns Task<String>; the local host runs functions that return Task<IResult>")]
    [InlineData(typeof(ResultOfQueue), "returns Task<IResult>; the local host runs functions that return Task.")]
    [InlineData(typeof(NoTask), "returns Void; the local host runs functions that return Task.")]
    [InlineData(typeof(RetryOnQueue), "has a retry attribute, which Kafka and timer triggers alone allow")]
    [InlineData(typeof(BadSchedule), "has the schedule 'every day', which is no cron expression of six fields")]
    [InlineData(typeof(FiveFields), "has the schedule '*/5 * * * *', which is no cron expression of six fields")]
    [InlineData(typeof(BadQueue), "reads the queue 'Bad_Queue', which is no queue name")]
    public void Says_in_a_sentence_what_it_cannot_run(Type type, string expected)
    {
        var fault = Assert.Throws<StartupException>(() => Read(type));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
    }

    private FunctionCatalog Read(params Type[] types) => Read(only: null, types);

    private FunctionCatalog Read(string[]? only, params Type[] types) =>
        FunctionCatalog.Read(types, new ConfigurationBuilder().AddInMemoryCollection(_settings).Build(), only);

    public sealed class Duplicate
    {
        [Function("Same")]
        public Task One([QueueTrigger("one")] string message) => Task.FromResult(message);

        [Function("same")]
        public Task Two([QueueTrigger("two")] string message) => Task.FromResult(message);
    }

    public sealed class LonelyPercent
    {
        [Function("F")]
        public Task F([QueueTrigger("100%")] string message) => Task.FromResult(message);
    }

    public sealed class NoTrigger
    {
        [Function("F")]
        public Task F(string message) => Task.FromResult(message);
    }

    public sealed class TwoTriggers
    {
        [Function("F")]
        public Task F([QueueTrigger("one")] string one, [QueueTrigger("two")] string two) => Task.FromResult(one + two);
    }

    public sealed class WrongValue
    {
        [Function("F")]
        public Task F([QueueTrigger("one")] int message) => Task.FromResult(message);
    }

    public sealed class WrongKafkaValue
    {
        [Function("F")]
        public Task F([KafkaTrigger("b", "t", IsBatched = true)] string[] records) => Task.FromResult(records);
    }

    public sealed class SingleRecord
    {
        [Function("F")]
        public Task F([KafkaTrigger("b", "t")] KafkaRecord record) => Task.FromResult(record);
    }

    public sealed class WrongParameter
    {
        [Function("F")]
        public Task F([QueueTrigger("one")] string message, Uri where) => Task.FromResult(message + where);
    }

    public sealed class NotInRoute
    {
        [Function("F")]
        public Task<IResult> F([HttpTrigger(AuthorizationLevel.Anonymous, Route = "things/{name}")] HttpRequest request, string id) =>
            Task.FromResult(Results.Text(id + request.Path));
    }

    public sealed class WrongResult
    {
        [Function("F")]
        public Task<string> F([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(request.Method);
    }

    public sealed class ResultOfQueue
    {
        [Function("F")]
        public Task<IResult> F([QueueTrigger("one")] string message) => Task.FromResult(Results.Text(message));
    }

    public sealed class NoTask
    {
        [Function("F")]
        public void F([QueueTrigger("one")] string message) => GC.KeepAlive(message);
    }

    public sealed class RetryOnQueue
    {
        [Function("F")]
        [FixedDelayRetry(3, "00:00:01")]
        public Task F([QueueTrigger("one")] string message) => Task.FromResult(message);
    }

    public sealed class BadSchedule
    {
        [Function("F")]
        public Task F([TimerTrigger("every day")] TimerInfo timer) => Task.FromResult(timer);
    }

    public sealed class FiveFields
    {
        [Function("F")]
        public Task F([TimerTrigger("*/5 * * * *")] TimerInfo timer) => Task.FromResult(timer);
    }

    public sealed class BadQueue
    {
        [Function("F")]
        public Task F([QueueTrigger("Bad_Queue")] string message) => Task.FromResult(message);
    }
}
