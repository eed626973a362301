using Microsoft.Extensions.Logging;
using Polly;

namespace Notify.Functions.Infrastructure.Resilience;

/// <summary>Runs something against the infrastructure and waits out the times when it is away.</summary>
public sealed class TransientFaultRetry(TimeProvider time, ILogger<TransientFaultRetry> logger)
{
    private readonly ResiliencePipeline _pipeline = TransientFaults.Patient(time, logger);

    /// <summary>Runs until it succeeds, meets a fault that is not the infrastructure's, or is cancelled.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await action(token), cancellationToken);

    /// <summary>Runs until it succeeds, meets a fault that is not the infrastructure's, or is cancelled.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await action(token), cancellationToken);
}
