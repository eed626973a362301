namespace Notify.Functions.Infrastructure.Storage;

/// <summary>The setting that queue triggers, queues and tables share.</summary>
internal static class StorageSettings
{
    /// <summary>
    /// A connection string, or the prefix of <c>__queueServiceUri</c>, <c>__tableServiceUri</c>, <c>__credential</c>, <c>__clientId</c>.
    /// </summary>
    public const string Connection = "NotifyStorage";
}
