using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Tests.Scenarios;
using Notify.LocalHost.Tools.Import;

namespace Notify.Functions.Tests.LocalHost.Tools;

public sealed class ImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Profiles_and_subscriptions_come_out_of_JSON_Lines_and_importing_them_again_changes_nothing()
    {
        await using var host = await AppHost.StartAsync();
        const string Text = """
            {"id":"jane","email":"Jane@EXAMPLE.com","topics":["news","offers"],"attributes":{"plan":"gold"}}

            {"id":"jane","tenant":"acme","phone":"+49 30 1234567"}
            {"recipient":"mailto:bob@example.com","topic":"news"}
            {"recipient":"ann","topic":"news","tenant":"acme"}
            """;

        var (first, _) = await ImportAsync(host, "recipients.jsonl", Text);
        var (second, _) = await ImportAsync(host, "recipients.jsonl", Text);

        Assert.Equal("4 lines: 2 recipients, 4 subscriptions, 0 faulty", first.ToString());
        Assert.Equal(first.ToString(), second.ToString());
        var directory = host.App.Services.GetRequiredService<TableRecipientDirectory>();
        var jane = (await directory.FindAsync(null, ["jane"], CancellationToken.None))["jane"];
        Assert.Equal(("Jane@example.com", "gold"), (jane.Email, jane.Attributes["plan"]));
        Assert.Equal("+49301234567", (await directory.FindAsync("acme", ["jane"], CancellationToken.None))["jane"].Phone);
        Assert.Equal(["jane", "mailto:bob@example.com"], (await SubscribersAsync(host, null, "news")).Order(StringComparer.Ordinal));
        Assert.Equal(["jane"], await SubscribersAsync(host, null, "offers"));
        Assert.Equal(["ann"], await SubscribersAsync(host, "acme", "news"));
    }

    [Fact]
    public async Task CSV_has_quotes_lists_attributes_and_empty_cells_and_a_later_line_of_the_same_id_counts()
    {
        await using var host = await AppHost.StartAsync();

        var (summary, _) = await ImportAsync(host, "recipients.csv", """"
            id;email;pushTokens;topics;attributes.name;locale
            jane;jane@example.com;t1 t2;news offers;"Doe; ""Jane""";de-AT

            bob;bob@example.com;;;;
            bob;robert@example.com;;;;
            """");

        Assert.Equal("3 lines: 3 recipients, 2 subscriptions, 0 faulty", summary.ToString());
        var found = await host.App.Services.GetRequiredService<TableRecipientDirectory>()
            .FindAsync(null, ["jane", "bob"], CancellationToken.None);
        Assert.Equal(("Doe; \"Jane\"", "de-AT", 2),
            (found["jane"].Attributes["name"], found["jane"].Locale, found["jane"].PushTokens.Count));
        Assert.Equal("robert@example.com", found["bob"].Email);
    }

    [Fact]
    public async Task Faulty_lines_are_listed_with_their_numbers_and_nothing_of_them_and_the_others_are_written()
    {
        await using var host = await AppHost.StartAsync();

        var (summary, output) = await ImportAsync(host, "recipients.jsonl", """
            secret
            {"id":"good","email":"good@example.com"}
            {"email":"secret@example.com"}
            {"id":"mailto:secret@example.com"}
            {"id":"a","email":"secret","phone":"1","shoe":44}
            {"id":"a","topics":"secret"}
            {"recipient":"topic:secret","topic":"a b"}
            {"recipient":"a","topic":"b","id":"c"}
            {"id":"a","id":"b"}
            ["secret"]
            {"id":"a","tenant":"a b"}
            """);

        Assert.Equal((11, 1, 10), (summary.Lines, summary.Recipients, summary.Faulty));
        Assert.Equal([1, 3, 4, 5, 6, 7, 8, 9, 10, 11], output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line.Trim()["line ".Length..].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.Contains("id is missing", output, StringComparison.Ordinal);
        Assert.Contains("email:", output, StringComparison.Ordinal);
        Assert.Contains("topic is not valid; recipient is not valid", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faulty_lines_of_CSV_have_the_numbers_of_the_file()
    {
        await using var host = await AppHost.StartAsync();

        var (summary, output) = await ImportAsync(host, "recipients.csv",
            "id,email\n\na,a@example.com\nb,nobody\n\"c\",c@example.com,more\nd,\"d\"x@example.com\ne,e@example.com\n");

        Assert.Equal((5, 2, 3), (summary.Lines, summary.Recipients, summary.Faulty));
        Assert.Equal(["line 4", "line 5", "line 6"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim().Split(':')[0]));
    }

    [Fact]
    public async Task A_record_of_CSV_over_several_lines_has_the_number_of_its_first_and_a_quote_that_is_never_closed_is_a_fault()
    {
        await using var host = await AppHost.StartAsync();

        var (summary, output) = await ImportAsync(host, "recipients.csv",
            "id,email,attributes.name\na,a@example.com,\"A\nB\"\nb,nobody,\"A\nB\"\nc,c@example.com,C\"C\nd,d@example.com,\"D\n");

        Assert.Equal((4, 1, 3), (summary.Lines, summary.Recipients, summary.Faulty));
        Assert.Equal(["line 4", "line 6", "line 7"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim().Split(':')[0]));
    }

    [Fact]
    public async Task Only_the_first_hundred_faulty_lines_are_listed_and_progress_is_shown()
    {
        await using var host = await AppHost.StartAsync();

        var (summary, output) = await ImportAsync(host, "recipients.jsonl",
            string.Join('\n', Enumerable.Range(0, 20_150).Select(n => n < 150 ? "{}" : $"{{\"id\":\"u{n}\"}}")));

        Assert.Equal((20_150, 20_000, 150), (summary.Lines, summary.Recipients, summary.Faulty));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(100, lines.Count(line => line.Contains("id is missing", StringComparison.Ordinal)));
        Assert.Contains("and 50 more", lines[^1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Count(line => line.Contains("lines read", StringComparison.Ordinal)));
    }

    private async Task<(ImportSummary Summary, string Output)> ImportAsync(AppHost host, string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text);
        await using var output = new StringWriter();
        return (await host.App.Services.GetRequiredService<ImportRun>().RunAsync(path, output, CancellationToken.None), output.ToString());
    }

    private static async Task<IReadOnlyList<string>> SubscribersAsync(AppHost host, string? tenant, string topic)
    {
        var subscribers = host.App.Services.GetRequiredService<TopicSubscribers>();
        return await KeyedHashes.Partitions.ToAsyncEnumerable()
            .SelectMany(partition => subscribers.RangeAsync(tenant, topic, partition, after: null, CancellationToken.None))
            .Select(subscriber => subscriber.Recipient).ToListAsync();
    }
}
