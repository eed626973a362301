using System.Text;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

/// <summary>A record of <see cref="EventMutations"/>, with the smaller ones that a finding may come down to.</summary>
internal sealed record FuzzRecord(byte[] Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Pairs, string? StandIn = null)
{
    public EventHeaders Headers => EventHeaders.From(Pairs);

    /// <summary>Without one of its headers, or without a piece of its value: the largest pieces first.</summary>
    public IEnumerable<FuzzRecord> Smaller()
    {
        for (var at = 0; at < Pairs.Count; at++)
        {
            yield return this with { Pairs = [.. Pairs.Take(at), .. Pairs.Skip(at + 1)] };
        }
        for (var length = Value.Length / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= Value.Length; at += length)
            {
                yield return this with { Value = [.. Value[..at], .. Value[(at + length)..]] };
            }
        }
    }

    public override string ToString()
    {
        var headers = string.Join(' ', Pairs.Select(pair => $"{pair.Key}={Encoding.UTF8.GetString(pair.Value ?? [])}"));
        return $"{Encoding.UTF8.GetString(Value)} ({Convert.ToBase64String(Value)}) {headers} {StandIn}";
    }
}
