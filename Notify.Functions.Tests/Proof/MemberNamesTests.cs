using System.Buffers.Binary;
using System.Text;
using Notify.Bench.World;

namespace Notify.Functions.Tests.Proof;

/// <summary>Which members of a group the proxy refuses in the mock broker's place, which would die of them.</summary>
public sealed class MemberNamesTests
{
    private const short JoinGroup = 11;
    private const short Heartbeat = 12;
    private const short SyncGroup = 14;
    private readonly MemberNames _names = new();
    private readonly object _first = new();
    private readonly object _second = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Lets_a_new_member_join_and_go_on(short version)
    {
        Assert.Null(_names.Refusal(_first, Join("", version)));
        _names.Learn(_first, Joined("m1", version));

        Assert.Null(_names.Refusal(_first, Join("m1", version)));
        Assert.Null(_names.Refusal(_first, Of(SyncGroup, "m1")));
        Assert.Null(_names.Refusal(_first, Of(Heartbeat, "m1")));
    }

    [Fact]
    public void Refuses_one_that_comes_back_by_another_connection()
    {
        IsCalled(_first, "m1");

        Assert.NotNull(_names.Refusal(_second, Join("m1", 5)));
        Assert.NotNull(_names.Refusal(_second, Of(SyncGroup, "m1")));
        Assert.NotNull(_names.Refusal(_second, Of(Heartbeat, "m1")));
    }

    [Fact]
    public void Refuses_the_one_before_where_the_broker_has_given_its_name_to_another()
    {
        IsCalled(_first, "m1");
        IsCalled(_second, "m1");

        Assert.NotNull(_names.Refusal(_first, Of(Heartbeat, "m1")));
        Assert.Null(_names.Refusal(_second, Of(Heartbeat, "m1")));
    }

    [Fact]
    public void Refuses_what_a_connection_was_called_that_is_gone()
    {
        IsCalled(_first, "m1");

        _names.Forget(_first);

        Assert.NotNull(_names.Refusal(_first, Of(Heartbeat, "m1")));
    }

    [Fact]
    public void Learns_no_name_from_a_broker_that_has_refused()
    {
        Assert.Null(_names.Refusal(_first, Join("", 5)));
        _names.Learn(_first, Joined("m1", 5, error: 27));

        Assert.NotNull(_names.Refusal(_first, Of(Heartbeat, "m1")));
    }

    [Fact]
    public void Leaves_other_requests_alone()
    {
        Assert.Null(_names.Refusal(_first, Of(3, "m1")));
        Assert.Null(_names.Refusal(_first, Join("m1", 6)));
        _names.Learn(_first, Joined("m1", 5));

        Assert.NotNull(_names.Refusal(_first, Of(Heartbeat, "m1")));
    }

    [Theory]
    [InlineData(JoinGroup, 1, new byte[] { 0, 0, 0, 20, 0, 0, 0, 7, 0, 25, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(JoinGroup, 5, new byte[] { 0, 0, 0, 24, 0, 0, 0, 7, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(SyncGroup, 3, new byte[] { 0, 0, 0, 14, 0, 0, 0, 7, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0 })]
    [InlineData(Heartbeat, 0, new byte[] { 0, 0, 0, 6, 0, 0, 0, 7, 0, 25 })]
    [InlineData(Heartbeat, 3, new byte[] { 0, 0, 0, 10, 0, 0, 0, 7, 0, 0, 0, 0, 0, 25 })]
    public void Says_that_it_does_not_know_the_member(short kind, short version, byte[] answer) =>
        Assert.Equal(answer, _names.Refusal(_first, kind == JoinGroup ? Join("m1", version) : Of(kind, "m1", version)));

    private void IsCalled(object connection, string name)
    {
        Assert.Null(_names.Refusal(connection, Join("", 5)));
        _names.Learn(connection, Joined(name, 5));
    }

    private static byte[] Join(string member, short version) =>
        [.. Int16(JoinGroup), .. Int16(version), .. Int32(7), .. Text("client"), .. Text("group"), .. Int32(6000), .. version >= 1 ? Int32(300_000) : [], .. Text(member), .. Text("consumer")];

    private static byte[] Of(short kind, string member, short version = 3) =>
        [.. Int16(kind), .. Int16(version), .. Int32(7), .. Text("client"), .. Text("group"), .. Int32(1), .. Text(member)];

    private static byte[] Joined(string member, short version, short error = 0) =>
        [.. Int32(7), .. version >= 2 ? Int32(0) : [], .. Int16(error), .. Int32(1), .. Text("range"), .. Text("leader"), .. Text(member), .. Int32(0)];

    private static byte[] Text(string text) => [.. Int16((short)text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Int16(short value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
