namespace Notify.Functions.Providers;

/// <summary>The least that an email address must be.</summary>
internal static class EmailAddressShape
{
    /// <summary><see langword="false"/> for what is certainly no address; the provider judges the rest.</summary>
    public static bool Fits(string address) =>
        address.LastIndexOf('@') is > 0 and var at && at < address.Length - 1 && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
