using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Notify.Functions.Hosting;

/// <summary>
/// Finds librdkafka for Confluent.Kafka: the library that came with the package where there is one, else the system's, which
/// distributions install under its versioned name only (<c>apt-get install librdkafka1</c>).
/// </summary>
public static class KafkaNativeLibrary
{
    private const string PackageName = "librdkafka";
    private const string SystemName = "librdkafka.so.1";

    private static readonly Lazy<bool> Registration = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Find);
        return true;
    });

    /// <summary>
    /// Puts the search in place; has to precede the first use of Confluent.Kafka. An assembly takes one resolver a process, so everything
    /// that uses Kafka comes here.
    /// </summary>
    public static void Register() => _ = Registration.Value;

    /// <summary>Whether librdkafka can be loaded at all, so that its absence can be said in a sentence.</summary>
    public static bool IsInstalled()
    {
        Register();
        return Find(PackageName, typeof(Library).Assembly, searchPath: null) != 0;
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (NativeLibrary.TryLoad(name, assembly, searchPath, out var found))
        {
            return found;
        }
        return name.Contains(PackageName, StringComparison.Ordinal) && NativeLibrary.TryLoad(SystemName, out found) ? found : 0;
    }
}
