namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>All settings together, to be checked at start; nothing reads them from here.</summary>
internal sealed class AllSettings;
