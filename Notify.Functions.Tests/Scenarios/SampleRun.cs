using Microsoft.Extensions.DependencyInjection;
using Notify.LocalHost.Tools.EventsFile;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A file of events, put through.</summary>
internal static class SampleRun
{
    /// <summary>By a host in this process, on embedded backends, undisturbed: what has to come out elsewhere too.</summary>
    public static async Task<EventsSummary> EmbeddedAsync(string file)
    {
        await using var host = await AppHost.StartAsync();
        return await host.App.Services.GetRequiredService<EventsRun>().RunAsync(file, TextWriter.Null, CancellationToken.None);
    }
}
