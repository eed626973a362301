using System.Text;
using System.Text.Json;
using Notify.Functions.Providers;

namespace Notify.Functions.Tests.Providers;

public sealed class ProviderJsonTests
{
    [Theory]
    [InlineData("""{"a":"\ud83d"}""", "\uFFFD")]
    [InlineData("""{"a":"x\uDE00y"}""", "x\uFFFDy")]
    [InlineData("""{"a":"\ud83d\ude00"}""", "😀")]
    [InlineData("""{"a":"\uD83D\uDE00\ud83d"}""", "😀\uFFFD")]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", "\uFFFD😀")]
    [InlineData("""{"a":"\ud83dxxxxxx"}""", "\uFFFDxxxxxx")]
    [InlineData("""{"a":"\ud83d\n\ude00"}""", "\uFFFD\n\uFFFD")]
    [InlineData("""{"a":"\\ud83d"}""", "\\ud83d")]
    [InlineData("""{"a":"\\\ud83d"}""", "\\\uFFFD")]
    [InlineData("""{"a":"\"\ud83d"}""", "\"\uFFFD")]
    [InlineData("""{"a":"\u0041"}""", "A")]
    public void What_is_no_Unicode_is_replaced_and_nothing_else(string json, string expected) =>
        Assert.Equal(expected, Parse(Encoding.UTF8.GetBytes(json))!.RootElement.TextOf("a"));

    [Theory]
    [InlineData("{\"\\ud83d\":1,\"a\":\"good\"}")]
    [InlineData("{\"a\\ud83d\":1,\"a\":\"good\"}")]
    [InlineData("{\"x\\ud83d\":1,\"A\":\"good\"}")]
    [InlineData("{\"x\":\"\\udfff\",\"a\":\"good\"}")]
    [InlineData("\uFEFF{\"a\":\"good\",}")]
    public void A_member_is_found_beside_names_and_texts_that_are_no_Unicode(string json) =>
        Assert.Equal("good", Parse(Encoding.UTF8.GetBytes(json))!.RootElement.TextOf("a"));

    [Theory]
    [InlineData("{\"a\":\"J\xF6rg\"}", "J\uFFFDrg")]
    [InlineData("{\"J\xF6rg\":1,\"a\":\"good\"}", "good")]
    [InlineData("{\"a\":\"\xED\xA0\xBD\"}", "\uFFFD\uFFFD\uFFFD")]
    public void Bytes_that_are_not_UTF_8_are_replaced(string latin1, string expected) =>
        Assert.Equal(expected, Parse(Encoding.Latin1.GetBytes(latin1))!.RootElement.TextOf("a"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":\"\\ud8\"}")]
    [InlineData("{\"a\":\"\\ud83")]
    [InlineData("{}x")]
    public void What_is_not_JSON_is_nothing(string json) => Assert.Null(Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"a":""}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"b":"x"}""")]
    [InlineData("""["a"]""")]
    [InlineData("7")]
    public void A_text_that_is_none_is_nothing(string json) => Assert.Null(Parse(Encoding.UTF8.GetBytes(json))!.RootElement.TextOf("a"));

    [Fact]
    public void The_very_name_goes_before_one_in_another_case()
    {
        var root = Parse("""{"TAG":"no","tag":"yes","Other":"other"}"""u8.ToArray())!.RootElement;

        Assert.Equal(("yes", "other"), (root.TextOf("tag"), root.TextOf("other")));
    }

    private static JsonDocument? Parse(byte[] json) => ProviderJson.Parse(json);
}
