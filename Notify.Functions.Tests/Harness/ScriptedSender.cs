using System.Collections.Concurrent;
using Notify.Functions.Contract;
using Notify.Functions.Sending;

namespace Notify.Functions.Tests.Harness;

/// <summary>A provider that keeps what it is given and answers as the test says; it accepts unless told otherwise.</summary>
internal sealed class ScriptedSender(Channel channel, string name, int maxTargets) : IProviderSender
{
    private readonly ConcurrentQueue<SendRequest> _requests = new();

    public string Name => name;

    public Channel Channel => channel;

    public int MaxTargets => maxTargets;

    /// <summary>What the provider answers for a target.</summary>
    public Func<SendTarget, SendResult> Answer { get; set; } = target => new SendResult.Accepted("m-" + target.AttemptId);

    /// <summary>What happens inside a request, before it is kept and answered.</summary>
    public Func<SendRequest, Task> Meanwhile { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<SendRequest> Requests => [.. _requests];

    /// <summary>Every target that reached the provider, whatever it answered.</summary>
    public IReadOnlyList<SendTarget> Targets => [.. _requests.SelectMany(request => request.Targets)];

    public async Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        await Meanwhile(request);
        _requests.Enqueue(request);
        return [.. request.Targets.Select(Answer)];
    }
}
