using System.Text;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

/// <summary>One code, and what exactly is wrong in the detail.</summary>
public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "A field stands there twice")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}", "A field stands there twice")]
    [InlineData("{\"a\":[[[[]]]]}", "The body nests deeper than 4 levels.")]
    [InlineData("{\"a\":1,\"a\":[[[[]]]]}", "The body nests deeper than 4 levels.")]
    [InlineData("{\n\"a\":}", "The body is not valid JSON (line 2, byte 5).")]
    [InlineData("{\"a\":1,}", "The body is not valid JSON (line 1, byte 8).")]
    [InlineData("// no\n{}", "The body is not valid JSON (line 1, byte 1).")]
    [InlineData("", "The body is not valid JSON (line 1, byte 1).")]
    [InlineData("{\"\\ud800\":1,\"b\":2}", "A field's name is no Unicode.")]
    public void Says_which_rule_is_broken(string json, string detail)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), 4, out var fault);

        Assert.Null(document);
        Assert.Equal(("$", "not_json"), (fault!.Field, fault.Code));
        Assert.StartsWith(detail, fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_of_nothing_but_depth_is_refused_without_harm()
    {
        var body = Encoding.UTF8.GetBytes(new string('[', EventLimits.EventBytes / 2) + new string(']', EventLimits.EventBytes / 2));

        using var document = StrictJson.Parse(body, StrictJson.EventDepth, out var fault);

        Assert.Null(document);
        Assert.Equal(StrictJson.TooDeep(StrictJson.EventDepth), fault);
    }
}
