namespace Microsoft.Azure.Functions.Worker;

/// <summary>The SASL mechanism.</summary>
public enum BrokerAuthenticationMode
{
    /// <summary>Left to the extension.</summary>
    NotSet = -1,

    /// <summary>Kerberos.</summary>
    Gssapi,

    /// <summary>User name and password.</summary>
    Plain,

    /// <summary>SCRAM with SHA-256.</summary>
    ScramSha256,

    /// <summary>SCRAM with SHA-512.</summary>
    ScramSha512,

    /// <summary>OAuth bearer token.</summary>
    OAuthBearer,
}
