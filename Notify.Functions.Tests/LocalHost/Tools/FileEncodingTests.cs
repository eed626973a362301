using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Recipients;
using Notify.Functions.Templates;
using Notify.Functions.Tests.Scenarios;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Triggers;
using Notify.LocalHost.Tools.EventsFile;
using Notify.LocalHost.Tools.Import;

namespace Notify.Functions.Tests.LocalHost.Tools;

/// <summary>
/// Every file that is read is UTF-8: a line that is not is named by its number, and does not take the good ones with it. Files are written
/// here in Latin-1.
/// </summary>
public sealed class FileEncodingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("recipients.csv", "id,email,attributes.name\nanna,anna@example.com,J\xF6rg\nbert,bert@example.com,B\n", 2)]
    [InlineData("recipients.csv", "id,email,attributes.name\nbert,bert@example.com,\"B\nB\"\nanna,anna@example.com,\"J\xF6rg\nx\"\n", 4)]
    [InlineData("recipients.csv", "id;email;attributes.name\nbert;bert@example.com;\xC3\xA0\nanna;anna@example.com;\xC3\n", 3)]
    [InlineData("recipients.jsonl", "{\"id\":\"bert\"}\n\n{\"id\":\"anna\",\"attributes\":{\"name\":\"J\xF6rg\"}}\n", 3)]
    [InlineData("recipients.jsonl", "{\"id\":\"anna\",\"attributes\":{\"name\":\"\\ud800\"}}\r\n{\"id\":\"bert\"}\r\n", 1)]
    [InlineData("recipients.jsonl", "{\"id\":\"\\ud800\"}\n{\"id\":\"bert\"}\n", 1)]
    [InlineData("recipients.jsonl", "{\"id\":\"anna\",\"x\xFFy\":1}\n{\"id\":\"bert\"}\n", 1)]
    [InlineData("recipients.jsonl", "\xEF\xBB\xBF{\"id\":\"bert\"}\n{\"id\":\"anna\xFF\"}", 2)]
    public async Task An_import_names_the_faulty_line_and_writes_the_others(string name, string latin1, int line)
    {
        await using var host = await AppHost.StartAsync();
        await using var output = new StringWriter();

        var summary = await host.App.Services.GetRequiredService<ImportRun>().RunAsync(Write(name, latin1), output, CancellationToken.None);

        Assert.Equal((2, 1, 1), (summary.Lines, summary.Recipients, summary.Faulty));
        Assert.StartsWith($"  line {line}: ", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("anna", output.ToString(), StringComparison.Ordinal);
        var known = await host.App.Services.GetRequiredService<TableRecipientDirectory>()
            .FindAsync(null, ["anna", "bert"], CancellationToken.None);
        Assert.Equal(["bert"], known.Keys);
    }

    [Fact]
    public async Task A_header_that_is_not_UTF_8_stops_the_import_of_its_file()
    {
        await using var host = await AppHost.StartAsync();
        await using var output = new StringWriter();

        var summary = await host.App.Services.GetRequiredService<ImportRun>()
            .RunAsync(Write("r.csv", "id,attributes.n\xFFme\nanna,x\n"), output, CancellationToken.None);

        Assert.Equal((0, 1), (summary.Recipients, summary.Faulty));
        Assert.Contains("The header is not UTF-8", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_is_not_UTF_8_is_named_and_set_aside_and_the_others_are_sent()
    {
        await using var host = await AppHost.StartAsync();
        await using var output = new StringWriter();
        const string Event =
            """{"id":"e1","type":"alert","priority":"high","recipients":["user_1"],"channels":["in_app"],"payload":{"message":"Hello"},"createdAt":"2026-03-04T12:00:00Z"}""";
        var file = Write("events.jsonl",
            $"{Event}\n\n{Event.Replace("e1", "e2", StringComparison.Ordinal).Replace("Hello", "J\xF6rg", StringComparison.Ordinal)}\n{Event.Replace("e1", "e3", StringComparison.Ordinal)}\n");

        var summary = await host.App.Services.GetRequiredService<EventsRun>().RunAsync(file, output, CancellationToken.None);

        Assert.Equal((3, 2), (summary.Lines, summary.Accepted));
        Assert.Equal(1, Assert.Single(summary.Rejected).Value);
        Assert.Contains("  line 3: It is not UTF-8.", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":\"bert\"}\n\n{\"id\":\"anna\",\"attributes\":{\"name\":\"J\xF6rg\"}}\n", 3)]
    [InlineData("{\"id\":\"bert\"}\n{\"id\":\"anna\",\"pushTokens\":[\"\\ud800\"]}\n", 2)]
    public async Task Recipients_beside_the_events_that_are_no_text_stop_the_start(string latin1, int line)
    {
        await using var host = await AppHost.StartAsync();
        Write("recipients.jsonl", latin1);

        var fault = await Assert.ThrowsAsync<StartupException>(
            () => host.App.Services.GetRequiredService<EventsRun>()
                .RunAsync(Write("events.jsonl", ""), TextWriter.Null, CancellationToken.None));

        Assert.StartsWith($"Line {line} of recipients.jsonl", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"Values\": {\n    \"A\": \"J\xF6rg\"\n  }\n}", "is not UTF-8: line 3.")]
    [InlineData("{\"Values\":{\"A\":\"\\ud800\"}}", "\"Values:A\" in")]
    [InlineData("{\"Values\":{\"\\ud800\":\"x\"}}", "is not valid JSON")]
    public void Settings_are_UTF_8(string latin1, string expected) =>
        Assert.Contains(expected, Assert.Throws<StartupException>(() => LocalSettings.Read(Write("local.settings.json", latin1))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Settings_may_begin_with_a_byte_order_mark() =>
        Assert.Equal("Jörg", LocalSettings.Read(Write("local.settings.json", "\xEF\xBB\xBF{\"Values\":{\"A\":\"J\xC3\xB6rg\"}}"))["A"]);

    [Theory]
    [InlineData("{\n\"extensions\":{\"http\":{\"routePrefix\":\"\xFF\"}}}", "is not UTF-8: line 2.")]
    [InlineData("{\"extensions\":{\"http\":{\"routePrefix\":\"\\ud800\"}}}", "cannot be read")]
    public void The_host_s_file_is_UTF_8(string latin1, string expected) => Assert.Contains(
        expected, Assert.Throws<StartupException>(() =>
            HostJson.Read(Write("host.json", latin1), new ConfigurationBuilder().Build())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("t/sms.hbs", "Hello\nJ\xF6rg", "t/sms.hbs, line 2: it is not UTF-8")]
    [InlineData("_partials/p.hbs", "J\xF6rg", "_partials/p.hbs, line 1: it is not UTF-8")]
    [InlineData("_layouts/p.de.hbs", "\n\n\xC3", "_layouts/p.de.hbs, line 3: it is not UTF-8")]
    public void Templates_are_UTF_8(string name, string latin1, string expected)
    {
        Write(name, latin1);

        Assert.Contains(expected, Assert.Single(new TemplatesOptions { Folder = _folder }.Validate(null!)).ErrorMessage,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a\nb\n", null)]
    [InlineData("\xC3\xB6\n\xF0\x9F\x98\x80", null)]
    [InlineData("\xFF", 1)]
    [InlineData("a\r\n\xC3\nb", 2)]
    [InlineData("a\n\n\xED\xA0\xBD", 3)]
    public void The_first_faulty_line_is_found(string latin1, int? line) =>
        Assert.Equal(line, Utf8Text.FaultyLine(Encoding.Latin1.GetBytes(latin1)));

    private string Write(string name, string latin1)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(latin1));
        return path;
    }
}
