using System.Reflection;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// What anybody may call costs little, however often it is called: counted in operations that a storage account would be asked for.
/// </summary>
public sealed class AnonymousRoutesTests
{
    private const int Calls = 40;
    private static readonly string[] Anonymous = [.. typeof(NotifyApp).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters()
            .Any(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>() is { AuthLevel: AuthorizationLevel.Anonymous }))
        .Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name)
        .Order(StringComparer.Ordinal)];

    /// <summary>The function, a call of it by somebody who has no secret, and how many operations all calls may cost together.</summary>
    public static TheoryData<string, string, string, string, int> Strangers => new()
    {
        { "Health", "GET", "api/health", "", 2 },
        { "Health", "HEAD", "api/health", "", 2 },
        { "HealthLive", "GET", "api/health/live", "", 0 },
        { "ReceiveWebhook", "POST", "api/webhooks/sendgrid", "[]", 0 },
        { "ReceiveWebhook", "POST", "api/webhooks/twilio", "MessageSid=SM1", 0 },
        { "ReceiveWebhook", "POST", "api/webhooks/azure-communication", "[]", 0 },
        { "ReceiveWebhook", "POST", "api/webhooks/nobody", "[]", 0 },
        { "AllowWebhook", "OPTIONS", "api/webhooks/azure-communication", "", 0 },
        { "GetUnsubscribe", "GET", "api/unsubscribe/made.up", "", 0 },
        { "PostUnsubscribe", "POST", "api/unsubscribe/made.up", "List-Unsubscribe=One-Click", 0 },
        { "WrongRoute", "GET", "api/nothing/here", "", 0 },
    };

    [Fact]
    public void Every_anonymous_function_is_tried() =>
        Assert.Equal(Anonymous, Strangers.Select(row => (string)row[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Calls_of_a_stranger_cost_next_to_nothing(string function, string method, string path, string body, int most)
    {
        var counted = new Counted();
        await using var host = await counted.StartAsync(function);

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => CallAsync(host, method, path, body)));

        Assert.InRange(counted.Operations, 0, most);
    }

    [Fact]
    public async Task A_genuine_link_costs_a_read_to_look_at()
    {
        var counted = new Counted();
        await using var host = await counted.StartAsync("GetUnsubscribe");
        var link = host.App.Services.GetRequiredService<UnsubscribeLinks>()
            .For(EventType.Marketing, "news", Channel.Email, null, "mailto:jane@example.com")!;

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => CallAsync(host, "GET", "api/unsubscribe/" + link.Segments[^1], "")));

        Assert.Equal(Calls, counted.Operations);
    }

    private static async Task CallAsync(AppHost host, string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, body[0] == '['
                ? "application/json" : "application/x-www-form-urlencoded");
        }
        using var answer = await host.Http.SendAsync(request);
        Assert.InRange((int)answer.StatusCode, 200, 499);
    }

    private sealed class Counted
    {
        private readonly InMemoryBackends _backends;
        private readonly FaultyTables _tables;
        private readonly CountingQueues _queues;

        public Counted()
        {
            // Time stands still: how long a busy machine takes does not count.
            Clock = new ManualClock();
            _backends = new InMemoryBackends(Clock);
            (_tables, _queues) = (new FaultyTables(_backends.Tables), new CountingQueues(_backends.Queues));
        }

        public int Operations => _tables.Operations + _queues.Operations;

        private ManualClock Clock { get; }

        public Task<AppHost> StartAsync(string function) => AppHost.StartAsync(
            setup =>
            {
                (setup.Clock, setup.Embedded, setup.WithDemoRecipients) = (Clock, _backends, false);
                setup.Settings["Notify:PublicBaseUrl"] = "https://notify.example.com";
                setup.ConfigureServices = services => services
                    .Replace(ServiceDescriptor.Singleton<ITables>(_tables)).Replace(ServiceDescriptor.Singleton<IQueues>(_queues))
                    .AddSingleton<ILoggerProvider>(new TestLog());
            },
            "--functions", function);
    }
}
