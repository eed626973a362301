namespace Microsoft.Azure.Functions.Worker;

/// <summary>How to talk to the brokers.</summary>
public enum BrokerProtocol
{
    /// <summary>Left to the extension.</summary>
    NotSet = -1,

    /// <summary>In the clear.</summary>
    Plaintext,

    /// <summary>TLS.</summary>
    Ssl,

    /// <summary>SASL in the clear.</summary>
    SaslPlaintext,

    /// <summary>SASL over TLS.</summary>
    SaslSsl,
}
