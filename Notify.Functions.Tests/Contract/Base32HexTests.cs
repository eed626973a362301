using FsCheck;
using FsCheck.Xunit;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

public sealed class Base32HexTests
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    [Property(MaxTest = 2000)]
    public void Five_bits_are_a_digit_and_zeros_fill_the_last(byte[] bytes)
    {
        var bits = string.Concat(bytes.Select(one => one.ToString("b8", null))).Chunk(5).Select(some => new string(some).PadRight(5, '0'));

        Assert.Equal(string.Concat(bits.Select(five => Digits[Convert.ToInt32(five, 2)])), Base32Hex.Encode(bytes));
    }

    [Property(MaxTest = 2000)]
    public void A_text_sorts_as_its_bytes_do(NonEmptyArray<byte> bytes, NonNegativeInt at, byte other)
    {
        byte[] changed = [.. bytes.Get];
        changed[at.Get % changed.Length] = other;

        Assert.Equal(
            Math.Sign(bytes.Get.AsSpan().SequenceCompareTo(changed)),
            Math.Sign(string.CompareOrdinal(Base32Hex.Encode(bytes.Get), Base32Hex.Encode(changed))));
    }

    [Property(MaxTest = 2000)]
    public void A_number_comes_back(DoNotSize<long> any)
    {
        var number = any.Item & long.MaxValue;

        Assert.True(Base32Hex.TryDecode(Base32Hex.Encode(number, 13), out var read));
        Assert.Equal(number, read);
    }
}
