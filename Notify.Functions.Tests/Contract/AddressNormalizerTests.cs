using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

public sealed class AddressNormalizerTests
{
    [Theory]
    [InlineData("jane.doe@example.com", "jane.doe@example.com")]
    [InlineData("Jane@Example.COM", "Jane@example.com")]
    [InlineData("jane@BÜCHER.example", "jane@xn--bcher-kva.example")]
    [InlineData("jane@XN--BCHER-KVA.example", "jane@xn--bcher-kva.example")]
    [InlineData("jane@bücher。example", "jane@xn--bcher-kva.example")]
    [InlineData("jane+news@example.com", "jane+news@example.com")]
    [InlineData("o/brien%x!#$&'*=?^_`{|}~-@example.com", "o/brien%x!#$&'*=?^_`{|}~-@example.com")]
    [InlineData("jürgen@example.com", "jürgen@example.com")]
    [InlineData("a@b", "a@b")]
    [InlineData("a@1and1.example", "a@1and1.example")]
    [InlineData("jane", null)]
    [InlineData("", null)]
    [InlineData("@example.com", null)]
    [InlineData("jane@", null)]
    [InlineData("jane doe@example.com", null)]
    [InlineData(" jane@example.com", null)]
    [InlineData("jane@example.com\n", null)]
    [InlineData("Jane <jane@example.com>", null)]
    [InlineData("\"jane doe\"@example.com", null)]
    [InlineData("jane(work)@example.com", null)]
    [InlineData("jane,joe@example.com", null)]
    [InlineData("ja:ne@example.com", null)]
    [InlineData("ja\\ne@example.com", null)]
    [InlineData(".jane@example.com", null)]
    [InlineData("jane.@example.com", null)]
    [InlineData("jane..doe@example.com", null)]
    [InlineData("a@b@example.com", null)]
    [InlineData("jane@example..com", null)]
    [InlineData("jane@example.com.", null)]
    [InlineData("jane@-example.com", null)]
    [InlineData("jane@example-.com", null)]
    [InlineData("jane@exa_mple.com", null)]
    [InlineData("jane@[127.0.0.1]", null)]
    [InlineData("jane\u200b@example.com", null)]
    [InlineData("jane\u00a0x@example.com", null)]
    public void An_email_address_has_one_form(string written, string? form) => Assert.Equal(form, AddressNormalizer.Email(written));

    [Fact]
    public void An_email_address_with_an_unpaired_surrogate_is_none() =>
        Assert.All(new[] { "ja\ud83dne@example.com", "jane@ex\ud83dample.com" }, text => Assert.Null(AddressNormalizer.Email(text)));

    [Fact]
    public void An_email_address_has_at_most_64_octets_before_the_sign_63_in_a_label_and_254_in_all()
    {
        var host = string.Join('.', Enumerable.Repeat(new string('b', 60), 3)) + ".com";

        Assert.NotNull(AddressNormalizer.Email(new string('a', 64) + "@example.com"));
        Assert.Null(AddressNormalizer.Email(new string('a', 65) + "@example.com"));
        Assert.Null(AddressNormalizer.Email(new string('ü', 33) + "@example.com"));
        Assert.NotNull(AddressNormalizer.Email("a@" + new string('b', 63) + ".com"));
        Assert.Null(AddressNormalizer.Email("a@" + new string('b', 64) + ".com"));
        Assert.NotNull(AddressNormalizer.Email(new string('a', 60) + "@" + host));
        Assert.Null(AddressNormalizer.Email(new string('a', 64) + "@abcd." + host));
    }

    [Theory]
    [InlineData("+493012345678", "+493012345678")]
    [InlineData("+49 30 1234-5678", "+493012345678")]
    [InlineData(" +49 30 1234-5678 ", "+493012345678")]
    [InlineData("+49 30 1234/5678", "+493012345678")]
    [InlineData("0049 (30) 12345678", "+493012345678")]
    [InlineData("+1.202.555.0101", "+12025550101")]
    [InlineData("+44 20 7946 0958", "+442079460958")]
    // In Italy the 0 is part of the number.
    [InlineData("+39 06 1234 5678", "+390612345678")]
    // Not assigned, and as long as a number is there.
    [InlineData("+15555550100", "+15555550100")]
    [InlineData("+52 55 1234 5678", "+525512345678")]
    // The library would make +54 9 11 … of it.
    [InlineData("+54 11 15 1234 5678", "+54111512345678")]
    [InlineData("030 12345678", null)]
    [InlineData("+44 (0)20 7946 0958", null)]
    [InlineData("+44 020 7946 0958", null)]
    [InlineData("+4402079460958", null)]
    [InlineData("0044 020 7946 0958", null)]
    [InlineData("+49 030 12345678", null)]
    [InlineData("+7 8 912 345 67 89", null)]
    // Mexico's mobile numbers until 2019.
    [InlineData("+52 1 55 1234 5678", null)]
    [InlineData("+0123456789", null)]
    [InlineData("+123456", null)]
    [InlineData("+1202555010", null)]
    [InlineData("+5550100", null)]
    [InlineData("+15550100", null)]
    [InlineData("+120255501011", null)]
    [InlineData("+44207946", null)]
    [InlineData("+1234567890123456", null)]
    [InlineData("+999123456789", null)]
    [InlineData("+49 30 CALL", null)]
    [InlineData("+49 30 12345678 ext. 9", null)]
    [InlineData("+49 30 12345678;ext=9", null)]
    [InlineData("+٤٩٣٠١٢٣٤٥٦٧٨", null)]
    [InlineData("++493012345678", null)]
    [InlineData("+", null)]
    [InlineData("", null)]
    public void A_phone_number_has_one_form_and_neither_its_country_nor_its_digits_are_guessed(string written, string? form) =>
        Assert.Equal(form, AddressNormalizer.Phone(written));

    [Theory]
    [InlineData("user_1", "user_1")]
    [InlineData("jo@Example.com", "jo@Example.com")]
    [InlineData("mailto:jo@Example.com", "mailto:jo@example.com")]
    [InlineData("mailto:Jo@Example.com", "mailto:Jo@example.com")]
    [InlineData("MAILTO:Jo@Example.com", "MAILTO:Jo@Example.com")]
    [InlineData("tel:+44 20 7946 0958", "tel:+442079460958")]
    [InlineData("tel:+44-20-7946-0958", "tel:+442079460958")]
    [InlineData("erased:0123456789abcdef", "erased:0123456789abcdef")]
    [InlineData("tel:0044 20 7946 0958", null)]
    [InlineData("mailto:nobody", null)]
    [InlineData("topic:offers", null)]
    [InlineData("user 1", null)]
    [InlineData("", null)]
    public void A_recipient_has_one_form_in_which_a_user_s_id_is_what_it_is(string written, string? form) =>
        Assert.Equal(form, AddressNormalizer.Recipient(written));

    [Fact]
    public void The_one_form_is_its_own_form()
    {
        string[] written = ["mailto:Jane@BÜCHER.example", "mailto:jürgen@STRASSE.example", "mailto:a@faß.example", "tel:+49 (30) 1234-5678",
            "tel:+54 11 15 1234 5678", "user_1"];

        Assert.All(written, text =>
        {
            var form = AddressNormalizer.Recipient(text);
            Assert.NotNull(form);
            Assert.Equal(form, AddressNormalizer.Recipient(form));
        });
    }
}
