using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Tests.Recipients.Profiles;

public sealed class AddressFormsTests
{
    [Theory]
    [InlineData("jane.doe@example.com", "jane.doe@example.com")]
    [InlineData("  Jane@Example.COM ", "Jane@example.com")]
    [InlineData("jane@bücher.example", "jane@xn--bcher-kva.example")]
    [InlineData("jane+news@example.com", "jane+news@example.com")]
    [InlineData("jane", null)]
    [InlineData("@example.com", null)]
    [InlineData("jane@", null)]
    [InlineData("jane doe@example.com", null)]
    [InlineData("Jane <jane@example.com>", null)]
    [InlineData("jane@example..com", null)]
    [InlineData("a@b@example.com", null)]
    public void An_email_address_has_one_form(string written, string? kept) => Assert.Equal(kept, AddressForms.Email(written));

    [Fact]
    public void An_email_address_has_at_most_64_characters_before_the_sign_and_254_in_all()
    {
        var host = string.Join('.', Enumerable.Repeat(new string('b', 60), 3)) + ".com";

        Assert.NotNull(AddressForms.Email(new string('a', 64) + "@example.com"));
        Assert.Null(AddressForms.Email(new string('a', 65) + "@example.com"));
        Assert.NotNull(AddressForms.Email(new string('a', 60) + "@" + host));
        Assert.Null(AddressForms.Email(new string('a', 64) + "@abcd." + host));
    }

    [Theory]
    [InlineData("+493012345678", "+493012345678")]
    [InlineData("+49 30 1234-5678", "+493012345678")]
    [InlineData("0049 (30) 12345678", "+493012345678")]
    [InlineData("+1.202.555.0101", "+12025550101")]
    [InlineData("030 12345678", null)]
    [InlineData("+44 (0)20 7946 0000", null)]
    [InlineData("+0123456789", null)]
    [InlineData("+123456", null)]
    [InlineData("+1234567890123456", null)]
    [InlineData("+49 30 CALL", null)]
    public void A_phone_number_has_one_form_and_its_country_is_never_guessed(string written, string? kept) => Assert.Equal(kept, AddressForms.Phone(written));
}
