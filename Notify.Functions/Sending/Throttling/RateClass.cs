using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Throttling;

/// <summary>Who goes first where a provider's rate is not enough for all. The numbers are those of the scripts in Redis.</summary>
public enum RateClass
{
    /// <summary>Critical events.</summary>
    Critical = 1,

    /// <summary>High events.</summary>
    High = 2,

    /// <summary>Normal and low events.</summary>
    Rest = 3,
}

/// <summary>The classes of priorities.</summary>
internal static class RateClasses
{
    /// <summary>The class of a priority.</summary>
    public static RateClass RateClass(this Priority priority) => priority switch
    {
        Priority.Critical => Throttling.RateClass.Critical,
        Priority.High => Throttling.RateClass.High,
        _ => Throttling.RateClass.Rest,
    };
}
