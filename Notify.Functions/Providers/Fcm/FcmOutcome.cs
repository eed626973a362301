using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>One result of a target from those of its devices.</summary>
internal static class FcmOutcome
{
    /// <summary>
    /// Accepted where one device was: the recipient is reached, and a repetition would reach that device twice. Unknown where one may have
    /// been, for the same reason. Then what may yet come through; rejected only where every device was, and dead only where every one is.
    /// </summary>
    public static SendResult Combine(IReadOnlyList<SendResult> devices)
    {
        if (devices.OfType<SendResult.Accepted>().FirstOrDefault() is { } accepted)
        {
            return accepted;
        }
        if (devices.OfType<SendResult.Unknown>().FirstOrDefault() is { } unknown)
        {
            return unknown;
        }
        if (devices.OfType<SendResult.TooLate>().FirstOrDefault() is { } late)
        {
            return late;
        }
        if (devices.OfType<SendResult.RateLimited>().MaxBy(device => device.RetryAfter) is { } limited)
        {
            return limited;
        }
        if (devices.OfType<SendResult.Unavailable>().MaxBy(device => device.RetryAfter) is { } unavailable)
        {
            return unavailable;
        }
        if (devices.OfType<SendResult.AccountRefused>().FirstOrDefault() is { } account)
        {
            return account;
        }
        if (devices.OfType<SendResult.TargetBusy>().MaxBy(device => device.RetryAfter) is { } busy)
        {
            return busy;
        }
        var rejected = devices.Cast<SendResult.Rejected>().ToList();
        return rejected.Find(device => !device.AddressIsDead) ?? rejected[0];
    }
}
