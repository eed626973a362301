using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.Runtime;

namespace Notify.Functions.Tests.LocalHost.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("notify-settings-");

    [Fact]
    public async Task Lets_the_environment_win_over_the_file_and_the_file_over_the_defaults()
    {
        var unique = $"V{Guid.NewGuid():N}";
        Write(_top.FullName, $$"""
            {
              // As the Functions tools have it.
              "IsEncrypted": false,
              "Values": { "{{unique}}__Both": "file", "{{unique}}__File": "file", "Notify__Broker__Topic": "topic.of.file", },
              "ConnectionStrings": { "Plain": "a", "Nested": { "ConnectionString": "b", "ProviderName": "x" } }
            }
            """);
        Environment.SetEnvironmentVariable($"{unique}__Both", "environment");

        await using var app = await LocalHostApp.BuildAsync(["--port", "0"], setup =>
        {
            setup.Directory = _top.FullName;
            setup.Output = TextWriter.Null;
        });

        var settings = app.Services.GetRequiredService<IConfiguration>();
        Assert.Equal("environment", settings[$"{unique}:Both"]);
        Assert.Equal("file", settings[$"{unique}:File"]);
        Assert.Equal("topic.of.file", settings["Notify:Broker:Topic"]);
        Assert.Equal("notifications.urgent", settings["Notify:Broker:UrgentTopic"]);
        Assert.Equal(("a", "b"), (settings.GetConnectionString("Plain"), settings.GetConnectionString("Nested")));
        Assert.Contains(app.Catalog.Functions, f => f.Trigger.Description.StartsWith("topic topic.of.file,", StringComparison.Ordinal));
    }

    [Fact]
    public void Finds_the_file_in_the_folder_before_the_one_at_the_top_of_the_repository()
    {
        File.WriteAllText(Path.Combine(_top.FullName, "Notify.Functions.sln"), "");
        var below = _top.CreateSubdirectory("a").CreateSubdirectory("b").FullName;
        var atTop = Write(_top.FullName, "{}");
        Assert.Equal(atTop, LocalSettings.Find(below));

        var here = Write(below, "{}");

        Assert.Equal(here, LocalSettings.Find(below));
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("[]", "must be a JSON object with \"Values\"")]
    [InlineData("""{"Values":[]}""", "\"Values\" in")]
    [InlineData("""{"Values":{"Port":7071}}""", "\"Values:Port\" in")]
    [InlineData("""{"Values":{"Flag":true}}""", "must be a string: put its value in quotation marks.")]
    [InlineData("""{"ConnectionStrings":{"A":{}}}""", "\"ConnectionStrings:A\" in")]
    [InlineData("""{"IsEncrypted":true,"Values":{}}""", "is encrypted; 'func settings decrypt' makes it readable.")]
    public void Says_what_is_wrong_with_the_file(string json, string expected)
    {
        var fault = Assert.Throws<StartupException>(() => LocalSettings.Read(Write(_top.FullName, json)));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("local.settings.json", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _top.Delete(recursive: true);

    private static string Write(string folder, string json)
    {
        var path = Path.Combine(folder, "local.settings.json");
        File.WriteAllText(path, json);
        return path;
    }
}
