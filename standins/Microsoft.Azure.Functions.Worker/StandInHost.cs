using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>
/// Without the official worker there is no Functions runtime to talk to. Run, this host says so in one sentence and ends with
/// exit code 1; it does not throw, so that nobody has to find the sentence in a stack trace, and it starts no hosted service,
/// so that no complaint about a missing setting comes first.
/// </summary>
internal sealed class StandInHost(IHost inner) : IHost, IAsyncDisposable
{
    internal const string Sentence =
        "This build uses stand-ins of the Azure Functions packages and is for the local host (`dotnet run --project Notify.LocalHost`) only.";

    public IServiceProvider Services => inner.Services;

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Console.Error.WriteLine(Sentence);
        Environment.ExitCode = 1;
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public void Dispose() => inner.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            inner.Dispose();
        }
    }
}
