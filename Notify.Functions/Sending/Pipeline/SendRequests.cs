using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>How deliveries are put into requests to a provider.</summary>
internal static class SendRequests
{
    /// <summary>The requests, each of what is said to all of it and of as many deliveries as the provider takes at once.</summary>
    public static IReadOnlyList<IReadOnlyList<SendWork>> Group(IProviderSender sender, IEnumerable<SendWork> work) =>
        [.. work.GroupBy(one => one.Content!, (IEqualityComparer<MessageContent>)ReferenceEqualityComparer.Instance).SelectMany(same => same.Chunk(sender.MaxTargets))];
}
