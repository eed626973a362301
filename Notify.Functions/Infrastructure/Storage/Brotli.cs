using System.IO.Compression;

namespace Notify.Functions.Infrastructure.Storage;

/// <summary>Compression of what is stored or enqueued in bulk.</summary>
internal static class Brotli
{
    public static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest))
        {
            brotli.Write(bytes);
        }
        return compressed.ToArray();
    }

    public static byte[] Decompress(byte[] compressed)
    {
        using var brotli = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        brotli.CopyTo(bytes);
        return bytes.ToArray();
    }
}
