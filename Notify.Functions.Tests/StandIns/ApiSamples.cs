namespace Notify.Functions.Tests.StandIns;

/// <summary>The same small API seven times: as listed, rewritten without a difference, and with one difference each.</summary>
internal static class ApiSamples
{
    internal static class Listed
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }

            public abstract string Carry(string parcel, Pace pace = Pace.Slow);
        }
    }

    internal static class TheSame
    {
        public enum Pace { Fast = 2, Slow = 1 }

        public abstract class Courier
        {
            public abstract string Carry(string renamed, Pace pace = Pace.Slow);

            public abstract TimeSpan Patience { get; set; }
        }
    }

    internal static class WithAMemberMore
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }

            public abstract string Carry(string parcel, Pace pace = Pace.Slow);

            public abstract void Rest();
        }
    }

    internal static class WithAMemberLess
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }
        }
    }

    internal static class WithAnotherDefault
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }

            public abstract string Carry(string parcel, Pace pace = Pace.Fast);
        }
    }

    internal static class WithAnotherEnumValue
    {
        public enum Pace { Slow = 1, Fast = 3 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }

            public abstract string Carry(string parcel, Pace pace = Pace.Slow);
        }
    }

    internal static class WithAnotherReturnType
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }

            public abstract Task<string> Carry(string parcel, Pace pace = Pace.Slow);
        }
    }

    internal static class WithoutASetter
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; }

            public abstract string Carry(string parcel, Pace pace = Pace.Slow);
        }
    }

    internal static class WithAVirtualForAnAbstract
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier
        {
            public abstract TimeSpan Patience { get; set; }

            public virtual string Carry(string parcel, Pace pace = Pace.Slow) => parcel;
        }
    }

    internal static class WithABaseType
    {
        public enum Pace { Slow = 1, Fast = 2 }

        public abstract class Courier : Attribute
        {
            public abstract TimeSpan Patience { get; set; }

            public abstract string Carry(string parcel, Pace pace = Pace.Slow);
        }
    }
}
