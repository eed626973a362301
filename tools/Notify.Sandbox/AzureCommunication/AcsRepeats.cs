using Notify.Sandbox.Common;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// The answers to requests that the caller has named, so that the same request again is answered the same, and not done again.
/// </summary>
internal sealed class AcsRepeats<T>(SandboxOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, T> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _names = new();

    /// <summary>The answer to the request of this name: the first one's, or the one that is made now.</summary>
    public T Once(string name, Func<T> make)
    {
        lock (_lock)
        {
            if (_answers.TryGetValue(name, out var known))
            {
                return known;
            }
            var answer = make();
            _answers[name] = answer;
            _names.Enqueue(name);
            if (_names.Count > options.MaxMessages)
            {
                _answers.Remove(_names.Dequeue());
            }
            return answer;
        }
    }
}
