using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace Notify.Bench.World;

/// <summary>
/// Refuses members of a consumer group that come back under a name that is not theirs any more, as a real broker does whose group has gone on without them.
/// </summary>
/// <remarks>
/// librdkafka's mock broker takes whatever name a member brings, and names new members by the address of their memory. Where one was away for longer than its session, its name may be another's by
/// then; two members of one name in a group that is being formed end the mock ("Assertion `!member-&gt;resp' failed").
/// </remarks>
internal sealed class MemberNames
{
    private const short JoinGroup = 11;
    private const short Heartbeat = 12;
    private const short SyncGroup = 14;
    private const short UnknownMemberId = 25;

    // From these versions on strings are written in another way; the mock does not speak them.
    private const short FlexibleJoinGroup = 6;
    private const short FlexibleOthers = 4;

    private readonly ConcurrentDictionary<string, object> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(object Connection, int Correlation), short> _joining = new();

    /// <summary>The answer to a request that a member makes under a name that this connection was not given; <see langword="null"/> where the broker is to answer.</summary>
    /// <param name="connection">The connection that it came by.</param>
    /// <param name="request">The request without its length.</param>
    public byte[]? Refusal(object connection, ReadOnlySpan<byte> request)
    {
        var reader = new Fields(request);
        var (kind, version, correlation) = (reader.Int16(), reader.Int16(), reader.Int32());
        if (kind is not (JoinGroup or Heartbeat or SyncGroup) || version >= (kind == JoinGroup ? FlexibleJoinGroup : FlexibleOthers))
        {
            return null;
        }
        // Client and group, then the session's length and from version 1 on the rebalance's, or the generation.
        reader.Text();
        reader.Text();
        reader.Skip(kind == JoinGroup && version >= 1 ? 8 : 4);
        var member = reader.Text();
        if (member.Length > 0 && !(_owners.TryGetValue(member, out var owner) && ReferenceEquals(owner, connection)))
        {
            return Unknown(kind, version, correlation);
        }
        if (kind == JoinGroup)
        {
            _joining[(connection, correlation)] = version;
        }
        return null;
    }

    /// <summary>Sees which name a connection is given.</summary>
    /// <param name="connection">The connection that it goes to.</param>
    /// <param name="answer">The answer without its length.</param>
    public void Learn(object connection, ReadOnlySpan<byte> answer)
    {
        var reader = new Fields(answer);
        if (!_joining.TryRemove((connection, reader.Int32()), out var version))
        {
            return;
        }
        reader.Skip(version >= 2 ? 4 : 0);
        if (reader.Int16() != 0)
        {
            return;
        }
        // Behind the generation, the protocol and the leader.
        reader.Skip(4);
        reader.Text();
        reader.Text();
        _owners[reader.Text()] = connection;
    }

    /// <summary>Forgets a connection that is gone: what was its own is nobody's.</summary>
    public void Forget(object connection)
    {
        foreach (var (member, owner) in _owners)
        {
            if (ReferenceEquals(owner, connection))
            {
                _owners.TryRemove(KeyValuePair.Create(member, owner));
            }
        }
        foreach (var joining in _joining.Keys.Where(one => ReferenceEquals(one.Connection, connection)))
        {
            _joining.TryRemove(joining, out _);
        }
    }

    // With its length: the correlation, from some version on for how long the client is throttled, the error; then what else there has to be, empty.
    private static byte[] Unknown(short kind, short version, int correlation)
    {
        var throttle = version >= (kind == JoinGroup ? 2 : 1) ? 4 : 0;
        var rest = kind switch { JoinGroup => 4 + 2 + 2 + 2 + 4, SyncGroup => 4, _ => 0 };
        var answer = new byte[4 + 4 + throttle + 2 + rest];
        BinaryPrimitives.WriteInt32BigEndian(answer, answer.Length - 4);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(4), correlation);
        BinaryPrimitives.WriteInt16BigEndian(answer.AsSpan(8 + throttle), UnknownMemberId);
        if (kind == JoinGroup)
        {
            BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(10 + throttle), -1);
        }
        return answer;
    }

    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        public short Int16()
        {
            var value = BinaryPrimitives.ReadInt16BigEndian(_left);
            Skip(2);
            return value;
        }

        public int Int32()
        {
            var value = BinaryPrimitives.ReadInt32BigEndian(_left);
            Skip(4);
            return value;
        }

        public string Text()
        {
            var length = Math.Max((int)Int16(), 0);
            var value = Encoding.UTF8.GetString(_left[..length]);
            Skip(length);
            return value;
        }

        public void Skip(int count) => _left = _left[count..];
    }
}
