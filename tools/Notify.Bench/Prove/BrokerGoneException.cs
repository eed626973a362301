namespace Notify.Bench.Prove;

/// <summary>The test broker has died: what was acknowledged died with it, and the run says nothing of the service.</summary>
internal sealed class BrokerGoneException : Exception
{
    /// <summary>Makes one.</summary>
    public BrokerGoneException()
        : base("The test broker has died, so this run says nothing of the service. Run it again.")
    {
    }

    /// <summary>Makes one with a message.</summary>
    public BrokerGoneException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public BrokerGoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
