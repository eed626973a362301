namespace Notify.Functions.Host;

/// <summary>The queues and tables that the service uses.</summary>
/// <param name="Queues">The names of the queues that triggers read, poison queues included.</param>
/// <param name="Tables">The names of the tables.</param>
internal sealed record StorageNames(IReadOnlyList<string> Queues, IReadOnlyList<string> Tables)
{
    /// <summary>What every queue's name begins with.</summary>
    public const string QueuePrefix = "notify-";
}
