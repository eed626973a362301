using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class FunctionInvokerTests
{
    private readonly List<Guid> _scopes = [];

    [Fact]
    public async Task Makes_a_new_instance_in_a_new_scope_for_every_call_and_disposes_of_both()
    {
        await using var services = Services();
        var invoker = new FunctionInvoker(services.GetRequiredService<IServiceScopeFactory>());
        var function = Catalog().Find("Scoped")!;

        await invoker.InvokeAsync(function, "a", CancellationToken.None);
        await invoker.InvokeAsync(function, "b", CancellationToken.None);

        Assert.Equal(2, _scopes.Distinct().Count());
        Assert.Equal(2, services.GetRequiredService<Journal>().Disposed);
    }

    [Fact]
    public async Task Throws_what_the_function_throws_and_disposes_of_the_instance()
    {
        await using var services = Services();
        var invoker = new FunctionInvoker(services.GetRequiredService<IServiceScopeFactory>());

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => invoker.InvokeAsync(Catalog().Find("Throws")!, "why", CancellationToken.None));

        Assert.Equal("why", fault.Message);
        Assert.Equal(1, services.GetRequiredService<Journal>().Disposed);
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddSingleton(new Journal())
        .AddSingleton(_scopes)
        .AddScoped<ScopeMark>()
        .BuildServiceProvider(validateScopes: true);

    private static FunctionCatalog Catalog() => FunctionCatalog.Read([typeof(ScopedFunctions)], new ConfigurationBuilder().Build());

    public sealed class Journal
    {
        public int Disposed { get; set; }
    }

    public sealed class ScopeMark
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    public sealed class ScopedFunctions(ScopeMark mark, List<Guid> scopes, Journal journal) : IAsyncDisposable
    {
        [Function("Scoped")]
        public Task Scoped([QueueTrigger("one")] string message)
        {
            scopes.Add(mark.Id);
            return Task.FromResult(message);
        }

        [Function("Throws")]
        public Task Throws([QueueTrigger("two")] string message) => throw new InvalidOperationException(message);

        public ValueTask DisposeAsync()
        {
            journal.Disposed++;
            return ValueTask.CompletedTask;
        }
    }
}
