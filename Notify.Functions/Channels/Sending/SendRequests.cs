namespace Notify.Functions.Channels.Sending;

/// <summary>How deliveries are put into requests to a provider.</summary>
internal static class SendRequests
{
    /// <summary>The requests, each of one event and of as many deliveries as the provider takes at once.</summary>
    public static IReadOnlyList<IReadOnlyList<SendWork>> Of(IProviderSender sender, IEnumerable<SendWork> work) =>
        [.. work.GroupBy(one => one.Attempt.Delivery.EventHash, StringComparer.Ordinal).SelectMany(same => same.Chunk(sender.MaxTargets))];
}
