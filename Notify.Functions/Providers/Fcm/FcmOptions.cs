using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Providers.Fcm;

/// <summary>How to reach Firebase Cloud Messaging.</summary>
internal sealed class FcmOptions
{
    /// <summary>The section of these settings.</summary>
    public const string SectionName = "Notify:Providers:Fcm";

    /// <summary>Where the API is.</summary>
    /// <value>The default is <c>https://fcm.googleapis.com</c>.</value>
    [ProviderEndpoint(ErrorMessage = SectionName + ":" + nameof(BaseAddress)
        + " must be an absolute https address (http only for a local sandbox).")]
    public Uri BaseAddress { get; set; } = new("https://fcm.googleapis.com");

    /// <summary>The Firebase project's id.</summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(ProjectId) + " is missing.")]
    [RegularExpression("[A-Za-z0-9.:-]{1,100}", ErrorMessage = SectionName + ":" + nameof(ProjectId) + " is not a project id.")]
    public string ProjectId { get; set; } = "";

    /// <summary>
    /// The service account's key file itself, as JSON: <c>client_email</c>, <c>private_key</c> (PKCS#8, PEM), <c>private_key_id</c>,
    /// <c>token_uri</c>. A secret, kept in Key Vault.
    /// </summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(Credentials) + " is missing.")]
    public string Credentials { get; set; } = "";
}
