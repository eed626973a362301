namespace Notify.Functions.Tests.StandIns;

#pragma warning disable CA1816, CA1822, CA1033, CA1036, CA1067, MA0077, MA0095, MA0097 // A sample of kinds, not of design.

/// <summary>One of each kind of member that the official listing has.</summary>
internal static class ApiListingSample
{
    public delegate Task Step(string name);

    public interface IPart : IEnumerable<KeyValuePair<Type, object>>
    {
        int Size { get; }

        T? Get<T>();
    }

    public readonly struct Code(string text) : IEquatable<Code>
    {
        public static Code Unknown { get; } = new("unknown");

        public bool Equals(Code other) => true;

        public override bool Equals(object? obj) => obj is Code;

        public override int GetHashCode() => text.Length;

        public static implicit operator Code(string text) => new(text);
    }

    public abstract class Holder : Attribute, IDisposable
    {
        internal int _invisible;

        protected Holder() => _invisible = 1;

        public event EventHandler? Changed;

        public int ReadOnly { get; private set; }

        public int Once { get; init; }

        public object? this[string name]
        {
            get => name;
            set => ReadOnly = value?.GetHashCode() ?? 0;
        }

        public void Dispose() => Changed?.Invoke(this, EventArgs.Empty);

        protected virtual void Clean(string[] names)
        {
        }

        internal void Invisible()
        {
        }
    }
}
