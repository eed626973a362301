using System.Text.RegularExpressions;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Infra;

/// <summary>The templates, compiled and predicted by Bicep itself.</summary>
public sealed class InfraTests
{
    private const string Secrets =
        "param unsubscribeKey = 'u'\nparam sendGridApiKey = 'a'\nparam twilioAuthToken = 'b'\nparam twilioSharedKey = 'f'\nparam "
            + "fcmCredentials = 'c'\nparam azureCommunicationAccessKey = 'd'\nparam azureCommunicationWebhookKey = 'e'\n";

    public static TheoryData<string> Deployments =>
    [
        "",
        "param isolation = 'perLane'\nparam alwaysReady = 1\n" + Secrets,
        "param isolation = 'perChannel'\nparam alertEmail = 'ops@example.com'\n",
        "param kafkaBrokerList = 'broker:9092'\nparam kafkaUsername = 'user'\nparam kafkaPassword = 'p'\n",
        "param privateNetwork = true\nparam isolation = 'perLane'\n",
        "param privateNetwork = true\nparam kafkaBrokerList = 'broker:9092'\n",
    ];

    // The rule that finds it, and what is changed in which file.
    private static readonly (string Rule, string File, string Text, string Instead)[] Changes =
    [
        (nameof(InfraRules.ApiVersions), "storage.bicep", "storageAccounts@2023-05-01", "storageAccounts@2022-09-01"),
        (nameof(InfraRules.StorageIsClosed), "storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true"),
        (nameof(InfraRules.StorageIsClosed), "storage.bicep", "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_0'"),
        (nameof(InfraRules.QueuesAndTables), "storage.bicep", "'erase']", "'erased']"),
        (nameof(InfraRules.QueuesAndTables), "storage.bicep", "'topics', 'inbox'", "'topics'"),
        (nameof(InfraRules.RolesAreMinimal), "storage.bicep", "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
            "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        (nameof(InfraRules.RolesAreMinimal), "vault.bicep", "  scope: vault\n", ""),
        (nameof(InfraRules.RedisByEntra), "redis.bicep", "accessKeysAuthentication: 'Disabled'", "accessKeysAuthentication: 'Enabled'"),
        (nameof(InfraRules.EventHubs), "events.bicep", "rights: ['Listen']", "rights: ['Listen', 'Send']"),
        (nameof(InfraRules.EventHubs), "events.bicep", "'notifications.urgent'", "'notifications.hurried'"),
        (nameof(InfraRules.SecretsInVault), "main.bicep", "Notify__Identity__Key: vault.outputs.references.identityKey",
            "Notify__Identity__Key: 'in-the-open'"),
        (nameof(InfraRules.SecretsInVault), "main.bicep", ", Notify__Unsubscribe__Key: vault.outputs.references.unsubscribeKey", ""),
        (nameof(InfraRules.SecretsInVault), "vault.bicep", "enablePurgeProtection: true", "enablePurgeProtection: null"),
        (nameof(InfraRules.Network), "redis.bicep", "isPrivate ? 'Disabled' : 'Enabled'", "isPrivate ? 'Enabled' : 'Disabled'"),
        (nameof(InfraRules.Network), "app.bicep", "empty(subnetId) ? null : subnetId", "empty(subnetId) ? '/subnets/apps' : subnetId"),
        (nameof(InfraRules.Apps), "app.bicep", "httpsOnly: true", "httpsOnly: false"),
        (nameof(InfraRules.Apps), "app.bicep", "version: '10.0'", "version: '8.0'"),
        (nameof(InfraRules.Apps), "settings.json", "\"Notify__Batching__Window\"", "\"Notify__Batching__Windows\""),
        (nameof(InfraRules.Apps), "main.bicep", "AZURE_CLIENT_ID: identity.outputs.clientId",
            "FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'"),
        (nameof(InfraRules.EveryFunctionOnce), "functions.json", "  \"SendSms\",\n", "  \"SendSmsBulk\",\n"),
        (nameof(InfraRules.EveryFunctionOnce), "main.bicep",
            "{ name: 'main', functions: filter(functions, name => !contains(urgent, name)) }", "{ name: 'main', functions: functions }"),
        (nameof(InfraRules.AlertsAreThere), "alerts.bicep", "name: 'circuit-open'", "name: 'circuit'"),
    ];

    /// <summary>A shortened run has one change for each rule.</summary>
    public static TheoryData<string, string, string, string> Mutations()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var (rule, file, text, instead) in FullRun.IsAsked ? Changes : Changes.DistinctBy(change => change.Rule))
        {
            data.Add(rule, file, text, instead);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public async Task Every_rule_is_kept(string parameters)
    {
        var deployment = await Deployment.PredictAsync(parameters);

        Assert.True(deployment.Resources.Count() > 50, $"{deployment.Resources.Count()}");
        Assert.Empty(InfraRules.All.SelectMany(rule => rule.Value(deployment).Select(fault => $"{rule.Key}: {fault}")));
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task Every_rule_finds_what_breaks_it(string rule, string file, string text, string instead)
    {
        var deployment = await Deployment.PredictAsync("param isolation = 'perLane'\n", (file, text, instead));

        Assert.NotEmpty(InfraRules.All[rule](deployment));
    }

    /// <summary>
    /// A later deployment that brings no secrets keeps those of the vault: a provider that is in use must not lose its key.
    /// </summary>
    [Theory]
    [InlineData("",
        "Notify__Providers__SendGrid__ApiKey Notify__Providers__Twilio__AuthToken Notify__Providers__Twilio__SharedKey "
            + "Notify__Providers__Fcm__Credentials")]
    [InlineData("param settings = { Notify__Channels__sms__Enabled: 'false', Notify__Channels__push__Enabled: 'false' }\n",
        "Notify__Providers__SendGrid__ApiKey")]
    [InlineData(
        "param settings = { Notify__Channels__email__Providers: 'acs-email', Notify__Channels__sms__Enabled: 'false', "
            + "Notify__Channels__push__Enabled: 'false' }\n",
        "Notify__Providers__AzureCommunication__AccessKey Notify__Providers__AzureCommunication__WebhookKey")]
    [InlineData(
        "param kafkaBrokerList = 'b:9092'\nparam kafkaUsername = 'u'\nparam settings = { Notify__Channels__email__Enabled: 'false', "
            + "Notify__Channels__sms__Enabled: 'false', Notify__Channels__push__Enabled: 'false' }\n",
        "Notify__Broker__Password")]
    public async Task A_secret_that_is_left_out_stays(string parameters, string secrets)
    {
        var deployment = await Deployment.PredictAsync(parameters);

        Assert.All(deployment.Apps, app => Assert.Equal(
            secrets.Split(' ').Append("Notify__Identity__Key").Append("Notify__Unsubscribe__Key").Order(StringComparer.Ordinal),
            app.Value.Keys.Where(name => AppSettings.IsSecret(name) && name != "Notify__Broker__TriggerPassword")
                .Order(StringComparer.Ordinal)));
    }

    /// <summary>What the first deployment makes by itself no later one makes anew.</summary>
    [Fact]
    public void What_is_made_is_made_once()
    {
        var vault = RepositoryRoot.Read("infra", "vault.bicep").ReplaceLineEndings("\n");

        Assert.Equal(3, Regex.Count(vault, @"^@onlyIfNotExists\(\)\nresource made\w+ 'Microsoft.KeyVault/vaults/secrets",
            RegexOptions.Multiline, TimeSpan.FromSeconds(5)));
        Assert.Equal(3, Regex.Count(vault, @"^resource made\w+ ", RegexOptions.Multiline, TimeSpan.FromSeconds(5)));
    }

    [Theory]
    [InlineData("dev.bicepparam")]
    [InlineData("prod.bicepparam")]
    public async Task The_compiler_finds_no_fault_and_nothing_to_warn_of(string parameters)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "infra");

        Assert.Equal("", await Bicep.RunAsync(folder, "build", "main.bicep", "--stdout"));
        Assert.Equal("", await Bicep.RunAsync(folder, "build-params", parameters, "--stdout"));
    }

    [Fact]
    public async Task Alerts_and_dashboard_ask_for_metrics_that_there_are()
    {
        var documented = Metrics(RepositoryRoot.Read("docs", "operations.md"));
        var deployment = await Deployment.PredictAsync();
        var asked = Metrics(string.Join('\n', deployment.Of("Microsoft.Insights/scheduledQueryRules")
            .Concat(deployment.Of("Microsoft.Insights/workbooks"))
            .Select(one => one.Json.ToString().Replace("\\", "", StringComparison.Ordinal))));

        Assert.True(asked.Count > 10, string.Join(' ', asked));
        Assert.Empty(asked.Except(documented, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Callers_have_to_show_a_token_where_that_is_asked_for_but_providers_and_recipients_do_not()
    {
        var without = await Deployment.PredictAsync();
        var with = await Deployment.PredictAsync(
            "param isolation = 'perLane'\nparam callersClientId = 'c0ffee00-0000-0000-0000-000000000001'\n");

        Assert.DoesNotContain(without.Of("Microsoft.Web/sites/config"), config =>
            config.Name.EndsWith("/authsettingsV2", StringComparison.Ordinal));
        var settings = Assert.Single(with.Of("Microsoft.Web/sites/config"), config =>
            config.Name.EndsWith("/authsettingsV2", StringComparison.Ordinal));
        Assert.StartsWith("func-main-", settings.Name, StringComparison.Ordinal);
        Assert.Equal(("True", "Return401"),
            (settings["properties.globalValidation.requireAuthentication"],
                settings["properties.globalValidation.unauthenticatedClientAction"]));
        Assert.Equal("""["api://c0ffee00-0000-0000-0000-000000000001"]""",
            settings["properties.identityProviders.azureActiveDirectory.validation.allowedAudiences"]);
        Assert.All(["webhooks", "unsubscribe", "health"], path =>
            Assert.Contains("/api/" + path, settings["properties.globalValidation.excludedPaths"], StringComparison.Ordinal));
        Assert.Empty(InfraRules.All.SelectMany(rule => rule.Value(with)));
    }

    [Fact]
    public async Task What_is_urgent_is_always_ready_where_that_is_asked_for()
    {
        var shared = await Deployment.PredictAsync("param alwaysReady = 2\n");
        var none = await Deployment.PredictAsync();

        var ready = Assert.Single(shared.Of("Microsoft.Web/sites"))["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"];
        Assert.All(["http", "function:DispatchUrgent", "function:SendSmsUrgent"], name =>
            Assert.Contains($"\"{name}\"", ready, StringComparison.Ordinal));
        Assert.DoesNotContain("Poison", ready, StringComparison.Ordinal);
        Assert.Equal("[]", Assert.Single(none.Of("Microsoft.Web/sites"))["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"]);
    }

    [Fact]
    public async Task The_estimate_in_the_documentation_is_the_script_s()
    {
        var start = new System.Diagnostics.ProcessStartInfo("node",
            [Path.Combine(RepositoryRoot.Path, "eng", "cost.mjs")])
        { RedirectStandardOutput = true, UseShellExecute = false };
        using var node = System.Diagnostics.Process.Start(start)!;
        var table = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.Contains("| **all** |", table, StringComparison.Ordinal);
        Assert.EndsWith(table.ReplaceLineEndings("\n"), RepositoryRoot.Read("docs", "deployment.md").ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_estimate_counts_as_many_traces_as_the_host_may_send()
    {
        var limit = Regex.Match(RepositoryRoot.Read("infra", "main.bicep"), @"OTEL_TRACES_SAMPLER_ARG: '(?<limit>[0-9.]+)'",
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["limit"].Value;

        Assert.Contains($"const hostTracesPerSecond = {limit};", RepositoryRoot.Read("eng", "cost.mjs"), StringComparison.Ordinal);
    }

    private static HashSet<string> Metrics(string text) =>
        [.. Regex.Matches(text, @"[""`](?<name>notify\.[a-z_.]+)[""`]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Select(match => match.Groups["name"].Value)];
}
