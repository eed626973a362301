using System.Diagnostics;

namespace Notify.Functions.Tests.StandIns;

public sealed class StandInHostTests
{
    [StandInsFact]
    public async Task Run_by_itself_the_app_says_in_one_sentence_that_it_cannot_and_exits_with_1()
    {
        var app = Path.Combine(AppContext.BaseDirectory, "Notify.Functions.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [app]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);

        Assert.Equal(1, process.ExitCode);
        Assert.Equal("", await output);
        Assert.Equal(
            "This build uses stand-ins of the Azure Functions packages and is for the local host (`dotnet run --project Notify.LocalHost`) only.",
            error.TrimEnd());
    }
}
