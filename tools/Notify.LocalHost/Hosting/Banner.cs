using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Http;

namespace Notify.LocalHost.Hosting;

/// <summary>What the host says of itself when it starts.</summary>
internal static class Banner
{
    public static void Write(
        TextWriter output, LocalHostOptions options, string url, IReadOnlyList<Backend> backends, FunctionCatalog catalog,
        string routePrefix, HostKey key, string? settingsFile)
    {
        output.WriteLine("Notify local host");
        output.WriteLine($"  {"Address",-11}{url}");
        foreach (var backend in backends)
        {
            output.WriteLine($"  {backend.Name,-11}{backend.Description}");
        }
        output.WriteLine($"  {"Settings",-11}{settingsFile ?? "no local.settings.json; defaults and the environment"}");
        if (key.Value is not null)
        {
            output.WriteLine($"  {"Key",-11}{key.Value} (header x-functions-key, or ?code=)");
        }
        output.WriteLine();
        output.WriteLine("Functions:");
        var width = catalog.Functions.Select(f => f.Name.Length).DefaultIfEmpty().Max() + 2;
        foreach (var function in catalog.Functions)
        {
            output.WriteLine($"  {(function.Name + ":").PadRight(width)}{Describe(function,
                $"{url}/{routePrefix}")}{(function.IsDisabled ? " (disabled)" : "")}");
        }
        output.WriteLine();
        if (options.Up)
        {
            WriteSettings(output, options);
        }
        output.Flush();
    }

    // How another process gets at the backends that this one has started: a line to be pasted into a shell.
    private static void WriteSettings(TextWriter output, LocalHostOptions options)
    {
        output.WriteLine("Another process uses the same backends with these settings, and --kafka --redis --storage:");
        output.WriteLine(
            $"  export Notify__Broker__BrokerList={options.Kafka!.Value} Notify__Redis__ConnectionString={options.Redis!.Value} "
                + $"NotifyStorage='{options.Storage!.Value}'");
        output.WriteLine();
    }

    private static string Describe(AppFunction function, string baseUrl) => function.Trigger is HttpFunctionTrigger http
        ? $"[{(http.Methods.Count == 0 ? "ANY" : string.Join(',', http.Methods))}] {baseUrl}/{http.Route}"
        : $"{function.Trigger.Type}, {function.Trigger.Description}";
}
