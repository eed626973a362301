using Notify.Functions.Dispatch.Decisions;

namespace Notify.Functions.Digests;

/// <summary>The names that the digest triggers use in their attributes.</summary>
internal static class DigestSettings
{
    /// <summary>When digests are built.</summary>
    public const string Schedule = $"%{BatchingOptions.SectionName}:{nameof(BatchingOptions.Schedule)}%";

    /// <summary>The queue of partitions that have something to close.</summary>
    public const string Queue = "notify-digests";
}
