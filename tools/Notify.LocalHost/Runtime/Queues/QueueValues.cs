using System.Text;

namespace Notify.LocalHost.Runtime.Queues;

/// <summary>A message's content as the type that a function asks for.</summary>
internal static class QueueValues
{
    /// <summary>The content as text, <see cref="BinaryData"/> or bytes.</summary>
    public static object From(ReadOnlyMemory<byte> body, Type type) => type switch
    {
        _ when type == typeof(string) => Encoding.UTF8.GetString(body.Span),
        _ when type == typeof(BinaryData) => new BinaryData(body),
        _ when type == typeof(byte[]) => body.ToArray(),
        _ => throw new ArgumentException($"A queue message cannot be had as {type}.", nameof(type)),
    };
}
