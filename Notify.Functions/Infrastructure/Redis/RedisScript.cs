using StackExchange.Redis;

namespace Notify.Functions.Infrastructure.Redis;

/// <summary>
/// A Lua script. The client loads it once a server and then calls it by its hash: one round trip. All its keys must be in one slot of a
/// cluster: put what they share into <c>{braces}</c>.
/// </summary>
internal sealed class RedisScript(string text)
{
    /// <summary>Reads <c>NAME.lua</c>, which lies beside <typeparamref name="T"/> as an embedded resource.</summary>
    public static RedisScript Beside<T>(string name)
    {
        var resource = $"{typeof(T).Namespace}.{name}.lua";
        using var stream = typeof(T).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script {resource} is not embedded in {typeof(T).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd());
    }

    /// <summary>Runs the script.</summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(text, keys, values);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Somebody flushed the server's scripts. The client has noticed, and sends the whole text this time.
            return await database.ScriptEvaluateAsync(text, keys, values);
        }
    }
}
