using System.Security.Cryptography;

namespace Notify.Sandbox.Fcm;

/// <summary>The access tokens that were handed out and are still good.</summary>
internal sealed class FcmAccessTokens(TimeProvider clock)
{
    /// <summary>How long one is good: an hour, as Google's.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3599);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _expiry = new(StringComparer.Ordinal);

    /// <summary>Makes one, and forgets those that have run out.</summary>
    public string Issue()
    {
        var now = clock.GetUtcNow();
        var token = "ya29.sandbox-" + RandomNumberGenerator.GetHexString(64, lowercase: true);
        lock (_lock)
        {
            foreach (var old in _expiry.Where(t => t.Value <= now).Select(t => t.Key).ToList())
            {
                _expiry.Remove(old);
            }
            _expiry[token] = now + Lifetime;
        }
        return token;
    }

    /// <summary>Whether a token was issued here and has not run out.</summary>
    public bool IsGood(string token)
    {
        lock (_lock)
        {
            return _expiry.TryGetValue(token, out var expiry) && clock.GetUtcNow() < expiry;
        }
    }
}
