using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Notify.Functions.Ledger;

/// <summary>The key behind every delivery id.</summary>
public sealed class IdentityOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Identity";

    /// <summary>The key that development uses; refused where the app runs in Azure.</summary>
    public const string DevelopmentKey = "development-only-identity-key-0000";

    /// <summary>A secret of at least 32 characters that never changes: every row key depends on it.</summary>
    /// <value>Default: <see cref="DevelopmentKey"/>.</value>
    [Required, MinLength(32)]
    public string Key { get; set; } = DevelopmentKey;

    /// <summary>The key as bytes.</summary>
    public byte[] KeyBytes() => Encoding.UTF8.GetBytes(Key);
}
