using System.Text;
using Notify.Functions.Intake;

namespace Notify.Functions.Tests.Intake;

public sealed class EventBatchTests
{
    [Fact]
    public void Cuts_an_array_into_its_elements_as_they_stand()
    {
        var (events, fault) = Split(""" [ {"a":[1,{"b":"]"}]} , {} ,"text",null, 1.50 ] """);

        Assert.Null(fault);
        Assert.Equal(["""{"a":[1,{"b":"]"}]}""", "{}", "\"text\"", "null", "1.50"],
            events!.Select(one => Encoding.UTF8.GetString(one.Span)));
    }

    [Theory]
    [InlineData("", "not_json")]
    [InlineData("{}", "invalid")]
    [InlineData("null", "invalid")]
    [InlineData("[]", "missing")]
    [InlineData("[{}", "not_json")]
    [InlineData("[{},]", "not_json")]
    [InlineData("[{}]x", "not_json")]
    [InlineData("[{}][{}]", "not_json")]
    [InlineData("[{},{\"a\":}]", "not_json")]
    [InlineData("[/* no */{}]", "not_json")]
    public void Refuses_anything_else_as_a_whole(string body, string code)
    {
        var (events, fault) = Split(body);

        Assert.Null(events);
        Assert.Equal(("$", code), (fault!.Field, fault.Code));
    }

    [Fact]
    public void Takes_a_hundred_and_no_more()
    {
        Assert.Equal(100, Split($"[{string.Join(',', Enumerable.Repeat("{}", 100))}]").Events!.Count);
        Assert.Equal("too_many", Split($"[{string.Join(',', Enumerable.Repeat("{}", 101))}]").Fault!.Code);
    }

    [Fact]
    public void Bounds_what_nests() =>
        Assert.Equal("not_json", Split(new string('[', 300) + new string(']', 300)).Fault!.Code);

    private static (IReadOnlyList<ReadOnlyMemory<byte>>? Events, Notify.Functions.Contract.EventFault? Fault) Split(string body) =>
        EventBatch.Split(Encoding.UTF8.GetBytes(body));
}
