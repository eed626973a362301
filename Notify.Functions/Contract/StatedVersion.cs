namespace Notify.Functions.Contract;

/// <summary>What something outside the body says about the version.</summary>
/// <param name="Where">The name of the header or attribute.</param>
/// <param name="Version">What it says.</param>
internal sealed record StatedVersion(string Where, string Version);
