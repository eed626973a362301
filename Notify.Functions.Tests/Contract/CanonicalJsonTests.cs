using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Contract;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("0.000", "0")]
    [InlineData("0e99999999999999999999", "0")]
    [InlineData("1", "1e0")]
    [InlineData("1.0", "1e0")]
    [InlineData("10", "1e1")]
    [InlineData("1E1", "1e1")]
    [InlineData("1e+1", "1e1")]
    [InlineData("0.1e2", "1e1")]
    [InlineData("-12.50", "-125e-1")]
    [InlineData("-1.25E1", "-125e-1")]
    [InlineData("0.0010", "1e-3")]
    [InlineData("12345678901234567890123", "12345678901234567890123e0")]
    [InlineData("12345678901234567890124", "12345678901234567890124e0")]
    [InlineData("1e400", "1e400")]
    [InlineData("1e99999999999999999999", "1e99999999999999999999")]
    public void A_number_is_its_value_and_exact(string text, string expected) => Assert.Equal(expected, CanonicalJson.Number(text));

    [Theory]
    [InlineData("""{ "b" : [ 1.50 , true ] , "a" : null }""", """{"a":null,"b":[15e-1,true]}""")]
    [InlineData("""{"\u0061":"\u00e9\u002f\ud83c\udf89","Z":{"y":1,"x":[]}}""", """{"Z":{"x":[],"y":1e0},"a":"é/🎉"}""")]
    [InlineData("[3,1,2]", "[3e0,1e0,2e0]")]
    public void One_value_has_one_text(string text, string expected)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, NotifyJson.WriterOptions))
        {
            CanonicalJson.Write(json, TestEvents.Json(text));
        }

        Assert.Equal(Canonical(expected), Canonical(Encoding.UTF8.GetString(buffer.ToArray())));
    }

    // An emoji may be written as two escapes: by the writer, and always the same.
    private static string Canonical(string text) => text.Replace("\\uD83C\\uDF89", "🎉", StringComparison.Ordinal);
}
