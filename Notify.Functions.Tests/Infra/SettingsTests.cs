using System.Text.Json;
using Notify.Functions.Tests.Host;

namespace Notify.Functions.Tests.Infra;

/// <summary>The settings of the code, of <c>local.settings.sample.json</c>, of Bicep and of the documentation are the same.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void The_code_s_settings_are_found()
    {
        Assert.True(AppSettings.OfOptions.Count > 80, $"{AppSettings.OfOptions.Count}");
        Assert.Equal("100", AppSettings.OfOptions["Notify__Channels__email__BatchSize"]);
        Assert.Equal("00:05:00", AppSettings.OfOptions["Notify__Batching__Window"]);
        Assert.Equal("0", AppSettings.OfOptions["Notify__Throttling__Categories__{category}__Limit"]);
    }

    [Fact]
    public void The_documentation_lists_every_setting_with_its_default_and_no_other() =>
        Assert.Equal(Lines(AppSettings.All), Lines(Documented()));

    [Fact]
    public void The_sample_has_every_setting_that_is_of_use_locally_and_no_other()
    {
        var wanted = AppSettings.All.Keys.Where(name => !IsAnyCategory(name) && !AppSettings.OnlyInAzure.Contains(name));

        Assert.Equal(wanted.Order(StringComparer.Ordinal), Sample().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_sample_differs_from_the_defaults_only_where_a_machine_without_accounts_needs_it()
    {
        var differing = Sample().Where(setting => setting.Value != AppSettings.All[setting.Key]).Select(setting => setting.Key)
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "NotifyStorage", "Notify__Broker__BrokerList",
                "Notify__Channels__email__Enabled",
                "Notify__Channels__push__Enabled", "Notify__Channels__sms__Enabled", "Notify__PublicBaseUrl",
                "Notify__Redis__ConnectionString",
            ],
            differing);
    }

    [Fact]
    public void Bicep_has_every_setting_with_the_code_s_default_but_secrets_and_what_a_deployment_knows()
    {
        var wanted = AppSettings.OfOptions.Where(setting => !IsAnyCategory(setting.Key) && !AppSettings.IsSecret(setting.Key));

        Assert.Equal(Lines(wanted), Lines(Read("infra", "settings.json")));
    }

    [Fact]
    public void Bicep_sets_every_secret_and_what_a_deployment_knows_by_name()
    {
        var text = RepositoryRoot.Read("infra", "main.bicep");
        var missing = AppSettings.All.Keys.Where(name => (AppSettings.IsSecret(name) || AppSettings.OfHosts.ContainsKey(name))
            && !AppSettings.OnlyLocal.Contains(name))
            .Append("Notify__Redis__Endpoint").Append("Notify__Broker__BrokerList")
            .Where(name => !text.Contains($" {name}:", StringComparison.Ordinal)
                && !(name == "AzureWebJobsStorage__clientId" && RepositoryRoot.Read("infra", "app.bicep")
                    .Contains(name, StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Bicep_sets_nothing_that_nobody_reads()
    {
        var set = System.Text.RegularExpressions.Regex.Matches(RepositoryRoot.Read("infra", "main.bicep"),
            @"(?<![\w'])(?<name>(Notify|NotifyStorage|AzureWebJobsStorage|APPLICATIONINSIGHTS|AZURE_CLIENT)_\w+):",
            System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Select(match => match.Groups["name"].Value).ToList();

        Assert.True(set.Count > 20, $"{set.Count}");
        Assert.Empty(set.Except(AppSettings.All.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void The_service_starts_with_all_of_Bicep_s_settings()
    {
        var settings = Read("infra", "settings.json").Concat(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Notify__Identity__Key"] = "a-key-for-this-test-0000000000000000",
            ["Notify__Broker__BrokerList"] = "hub.servicebus.windows.net:9093",
            ["Notify__Redis__Endpoint"] = "redis:10000",
            ["NotifyStorage__queueServiceUri"] = "https://x.queue.core.windows.net",
            ["NotifyStorage__tableServiceUri"] = "https://x.table.core.windows.net",
            ["NotifyStorage__credential"] = "managedidentity",
            ["Notify__Channels__email__Enabled"] = "false",
            ["Notify__Channels__sms__Enabled"] = "false",
            ["Notify__Channels__push__Enabled"] = "false",
        }).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(same => same.Key.Replace("__", ":", StringComparison.Ordinal), same => (string?)same.Last().Value,
                StringComparer.OrdinalIgnoreCase);

        CompositionTests.AssertStarts(settings);
    }

    [Fact]
    public void Functions_are_listed_in_Bicep()
    {
        var listed = JsonSerializer.Deserialize<string[]>(RepositoryRoot.Read("infra", "functions.json"))!;

        Assert.Equal(CompositionTests.FunctionNames().Order(StringComparer.Ordinal), listed);
    }

    private static bool IsAnyCategory(string name) => name.Contains(AppSettings.AnyCategory, StringComparison.Ordinal);

    private static string Lines(IEnumerable<KeyValuePair<string, string>> settings) =>
        string.Join('\n', settings.OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => $"{setting.Key} = {setting.Value}"));

    private static Dictionary<string, string> Sample() =>
        JsonDocument.Parse(RepositoryRoot.Read("local.settings.sample.json")).RootElement.GetProperty("Values")
            .Deserialize<Dictionary<string, string>>()!;

    private static Dictionary<string, string> Read(params string[] path) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(RepositoryRoot.Read(path))!;

    // | `NAME` | `default` or – | meaning |
    private static IEnumerable<KeyValuePair<string, string>> Documented() =>
        RepositoryRoot.Read("docs", "configuration.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split(" | "))
            .Select(cells => KeyValuePair.Create(cells[0].Trim('|', ' ', '`'), cells[1].Trim() is "–" ? "" : cells[1].Trim().Trim('`')));
}
