using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;
using Notify.Functions.Tests.Host;

namespace Notify.Functions.Tests.Infra;

/// <summary>What must be so of a deployment. Each rule says, in sentences, where it is not.</summary>
internal static class InfraRules
{
    private const string Storage = "Microsoft.Storage/storageAccounts";
    private const string Sites = "Microsoft.Web/sites";

    // As in the published samples: Azure-Samples/functions-quickstart-dotnet-azd and azure-functions-flex-consumption-samples (groups,
    // identity, storage, web, roles), Azure Verified Modules (Redis, Event Hubs, vault), the resource reference (monitoring). The compiler
    // knows whether their properties exist.
    private static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        ["Microsoft.Resources/resourceGroups"] = "2021-04-01",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "2023-01-31",
        ["Microsoft.Authorization/roleAssignments"] = "2022-04-01",
        ["Microsoft.Storage"] = "2023-05-01",
        ["Microsoft.Web"] = "2024-04-01",
        ["Microsoft.Cache"] = "2025-07-01",
        ["Microsoft.Network"] = "2024-05-01",
        ["Microsoft.Network/privateDnsZones"] = "2024-06-01",
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks"] = "2024-06-01",
        ["Microsoft.EventHub"] = "2024-01-01",
        ["Microsoft.KeyVault"] = "2023-07-01",
        ["Microsoft.OperationalInsights/workspaces"] = "2023-09-01",
        ["Microsoft.Insights/components"] = "2020-02-02",
        ["Microsoft.Insights/workbooks"] = "2023-06-01",
        ["Microsoft.Insights/actionGroups"] = "2023-01-01",
        ["Microsoft.Insights/scheduledQueryRules"] = "2023-12-01",
    };

    // Role, and on what.
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Microsoft.Storage/storageAccounts",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Microsoft.Storage/storageAccounts",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Microsoft.Storage/storageAccounts",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Microsoft.KeyVault/vaults",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Microsoft.Insights/components",
        ["2b629674-e913-4c01-ae53-ef4638d8f975"] = "Microsoft.EventHub/namespaces",
        ["a638d3c7-ab3a-418d-83e6-5f17a39d4fde"] = "Microsoft.EventHub/namespaces",
    };

    /// <summary>Every rule, by its name.</summary>
    public static IReadOnlyDictionary<string, Func<Deployment, IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<Deployment, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            [nameof(ApiVersions)] = ApiVersions,
            [nameof(StorageIsClosed)] = StorageIsClosed,
            [nameof(QueuesAndTables)] = QueuesAndTables,
            [nameof(RolesAreMinimal)] = RolesAreMinimal,
            [nameof(RedisByEntra)] = RedisByEntra,
            [nameof(EventHubs)] = EventHubs,
            [nameof(SecretsInVault)] = SecretsInVault,
            [nameof(Network)] = Network,
            [nameof(Apps)] = Apps,
            [nameof(EveryFunctionOnce)] = EveryFunctionOnce,
            [nameof(AlertsAreThere)] = AlertsAreThere,
        };

    public static IEnumerable<string> ApiVersions(Deployment deployment) => deployment.Resources
        .Where(resource => (Versions.GetValueOrDefault(resource.Type)
            ?? Versions.GetValueOrDefault(resource.Type.Split('/')[0])) != resource.ApiVersion)
        .Select(resource => $"{resource.Type} is of {resource.ApiVersion}");

    public static IEnumerable<string> StorageIsClosed(Deployment deployment) =>
        Is(deployment, Storage, ("properties.allowSharedKeyAccess", "False"), ("properties.allowBlobPublicAccess", "False"),
            ("properties.minimumTlsVersion", "TLS1_2"), ("properties.supportsHttpsTrafficOnly", "True"))
            .Concat(Is(deployment, Storage + "/blobServices/containers", ("properties.publicAccess", "None")));

    public static IEnumerable<string> QueuesAndTables(Deployment deployment)
    {
        var tables = typeof(TableNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        return Same("queues", Backlog.Queues.Concat(Backlog.Queues.Select(Backlog.PoisonOf)),
            deployment.NamesOf(Storage + "/queueServices/queues"))
            .Concat(Same("tables", tables, deployment.NamesOf(Storage + "/tableServices/tables")));
    }

    public static IEnumerable<string> RolesAreMinimal(Deployment deployment)
    {
        var hasHubs = deployment.Of("Microsoft.EventHub/namespaces").Count > 0;
        var granted = deployment.Of("Microsoft.Authorization/roleAssignments")
            .Select(role => (Role: role["properties.roleDefinitionId"].Split('/')[^1],
                On: role["id"].Split("'Microsoft.Authorization/roleAssignments'")[0], Who: role["properties.principalId"])).ToList();
        return Same("roles", Roles.Where(role => hasHubs || !role.Value.Contains("EventHub", StringComparison.Ordinal))
            .Select(role => role.Key), granted.Select(role => role.Role))
            .Concat(granted.Where(role => Roles.TryGetValue(role.Role, out var on)
                && !role.On.Contains($"/providers/{on}/", StringComparison.Ordinal))
                    .Select(role => $"{role.Role} is granted on too much: {role.On}"))
            .Concat(granted.Where(role => !role.Who.Contains("userAssignedIdentities", StringComparison.Ordinal))
                .Select(role => $"{role.Role} is granted to another: {role.Who}"));
    }

    public static IEnumerable<string> RedisByEntra(Deployment deployment) =>
        Is(deployment, "Microsoft.Cache/redisEnterprise", ("properties.minimumTlsVersion", "1.2"))
            .Concat(Is(deployment, "Microsoft.Cache/redisEnterprise/databases", ("properties.accessKeysAuthentication", "Disabled"),
                ("properties.clientProtocol", "Encrypted")))
            .Concat(Is(deployment, "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments",
                ("properties.accessPolicyName", "default")));

    public static IEnumerable<string> EventHubs(Deployment deployment)
    {
        if (deployment.Of("Microsoft.EventHub/namespaces").Count == 0)
        {
            return [];
        }
        var broker = new BrokerOptions();
        return Is(deployment, "Microsoft.EventHub/namespaces", ("properties.kafkaEnabled", "True"), ("sku.name", "Standard"),
            ("properties.minimumTlsVersion", "1.2"))
            .Concat(Is(deployment, "Microsoft.EventHub/namespaces/authorizationRules", ("properties.rights", """["Listen"]""")))
            .Concat(Same("topics", [broker.Topic, broker.UrgentTopic], deployment.NamesOf("Microsoft.EventHub/namespaces/eventhubs")))
            .Concat(deployment.Apps.SelectMany(app =>
                Has(app, ("Notify__Broker__Mechanism", "OAuthBearer"), ("Notify__Broker__Protocol", "SaslSsl"))));
    }

    public static IEnumerable<string> SecretsInVault(Deployment deployment)
    {
        // A key may be listed for the vault alone, and a secure parameter only be looked at whether it is empty.
        foreach (var resource in deployment.Resources.Where(resource => resource.Type != "Microsoft.KeyVault/vaults/secrets"))
        {
            var text = System.Text.RegularExpressions.Regex.Replace(resource.Json.ToString(), @"empty\(parameters\('\w+'\)\)", "",
                System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
            if (text.Contains("listKeys(", StringComparison.Ordinal) || text.Contains("parameters('", StringComparison.Ordinal))
            {
                yield return $"{resource.Name} holds a secret itself";
            }
        }
        foreach (var (app, settings) in deployment.Apps)
        {
            foreach (var (name, value) in settings.Where(setting => AppSettings.IsSecret(setting.Key)))
            {
                if (!value.StartsWith("reference(", StringComparison.Ordinal)
                    && !value.StartsWith("format('@Microsoft.KeyVault(", StringComparison.Ordinal)
                    && !value.StartsWith("format(", StringComparison.Ordinal))
                {
                    yield return $"{name} of {app} is no reference to the vault";
                }
            }
            // Whether this deployment brings it or an earlier one has: without it links would be signed by another.
            foreach (var name in new[] { "Notify__Identity__Key", "Notify__Unsubscribe__Key" }.Where(name => !settings.ContainsKey(name)))
            {
                yield return $"{app} has no {name}";
            }
        }
        foreach (var fault in Is(deployment, "Microsoft.KeyVault/vaults", ("properties.enableRbacAuthorization", "True"),
            ("properties.enablePurgeProtection", "True")))
        {
            yield return fault;
        }
    }

    /// <summary>
    /// All that the apps use has an endpoint in the network and is closed otherwise, and every app goes through it; or nothing does.
    /// </summary>
    public static IEnumerable<string> Network(Deployment deployment)
    {
        var isPrivate = deployment.Of("Microsoft.Network/virtualNetworks").Count > 0;
        var hasHubs = deployment.Of("Microsoft.EventHub/namespaces").Count > 0;
        var closed = new[] { Storage, "Microsoft.KeyVault/vaults", "Microsoft.Cache/redisEnterprise",
            "Microsoft.EventHub/namespaces" }.Where(type => hasHubs || !type.StartsWith("Microsoft.EventHub", StringComparison.Ordinal))
                .ToList();
        var groups = deployment.Of("Microsoft.Network/privateEndpoints")
            .Select(one => one.Json.GetProperty("properties").GetProperty("privateLinkServiceConnections")[0].GetProperty("properties")
                .GetProperty("groupIds")[0].GetString()!);
        return closed.SelectMany(type => Is(deployment, type, ("properties.publicNetworkAccess", isPrivate ? "Disabled" : "Enabled")))
            .Concat(Same("private endpoints", isPrivate
                ? ["blob", "queue", "table", "vault", "redisEnterprise", .. hasHubs ? new[] { "namespace" } : []] : [], groups))
            .Concat(isPrivate
                ? Same("zones", deployment.NamesOf("Microsoft.Network/privateEndpoints"),
                    deployment.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Select(one => one.Name.Split('/')[0]))
                : [])
            .Concat(deployment.Of(Sites).Where(site =>
                site["properties.virtualNetworkSubnetId"].EndsWith("/subnets/apps", StringComparison.Ordinal) != isPrivate)
                    .Select(site => $"{site.Name} {(isPrivate ? "does not go" : "goes")} through the network"));
    }

    public static IEnumerable<string> Apps(Deployment deployment) =>
        Is(deployment, Sites, ("kind", "functionapp,linux"), ("properties.httpsOnly", "True"),
            ("properties.siteConfig.minTlsVersion", "1.2"), ("identity.type", "UserAssigned"),
            ("properties.functionAppConfig.runtime.name", "dotnet-isolated"), ("properties.functionAppConfig.runtime.version", "10.0"),
            ("properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"))
            .Concat(Is(deployment, "Microsoft.Web/serverfarms", ("sku.tier", "FlexConsumption"), ("properties.reserved", "True")))
            .Concat(Is(deployment, Sites + "/basicPublishingCredentialsPolicies", ("properties.allow", "False")))
            .Concat(Same("plans", deployment.NamesOf(Sites).Select(name => "plan-" + name),
                deployment.NamesOf("Microsoft.Web/serverfarms")))
            .Concat(deployment.Apps.SelectMany(app =>
                Has(app, ("AzureWebJobsStorage__credential", "managedidentity"), ("NotifyStorage__credential", "managedidentity"))))
            // Flex Consumption refuses these; a connection string would be a key.
            .Concat(deployment.Apps.SelectMany(app =>
                app.Value.Keys.Where(name => name is "FUNCTIONS_WORKER_RUNTIME" or "WEBSITE_RUN_FROM_PACKAGE" or "AzureWebJobsStorage"
                    or "NotifyStorage").Select(name => $"{app.Key} must not set {name}")))
            .Concat(deployment.Apps.SelectMany(app =>
                AppSettings.OfOptions.Keys.Where(name => !name.Contains('{', StringComparison.Ordinal) && !AppSettings.IsSecret(name)
                    && !app.Value.ContainsKey(name)).Select(name => $"{app.Key} does not set {name}")))
            .Concat(deployment.Apps.SelectMany(app =>
                app.Value.Keys.Where(name => !name.Contains('.', StringComparison.Ordinal)
                    && !name.StartsWith("AzureFunctionsJobHost__", StringComparison.Ordinal) && !AppSettings.All.ContainsKey(name))
                        .Select(name => $"{app.Key} sets {name}, which nobody reads")));

    public static IEnumerable<string> EveryFunctionOnce(Deployment deployment)
    {
        foreach (var function in CompositionTests.FunctionNames())
        {
            var apps = deployment.Apps.Where(app => !app.Value.ContainsKey($"AzureWebJobs.{function}.Disabled")).Select(app => app.Key)
                .ToList();
            if (apps.Count != 1)
            {
                yield return $"{function} runs in {apps.Count} apps";
            }
            // Callers know one address.
            if (CompositionTests.HttpFunctionNames().Contains(function)
                && apps.Exists(app => !app.StartsWith("func-main-", StringComparison.Ordinal)))
            {
                yield return $"{function} answers at another address";
            }
        }
    }

    public static IEnumerable<string> AlertsAreThere(Deployment deployment) => Same(
        "alerts",
        new[] { "dead-letters", "poison-depth", "consumer-lag", "circuit-open", "account-refused", "late-critical", "late-high",
            "late-normal", "late-low", "digest-lateness" }.Select(name => "notify-" + name),
        deployment.NamesOf("Microsoft.Insights/scheduledQueryRules"));

    private static IEnumerable<string> Is(Deployment deployment, string type, params (string Path, string Value)[] wanted)
    {
        var found = deployment.Of(type);
        return (found.Count == 0 ? [$"There is no {type}"] : Array.Empty<string>()).Concat(found.SelectMany(
            resource => wanted.Where(one => resource[one.Path] != one.Value)
                .Select(one => $"{resource.Name}: {one.Path} is {resource[one.Path]}, not {one.Value}")));
    }

    private static IEnumerable<string> Has(
        KeyValuePair<string, IReadOnlyDictionary<string, string>> app, params (string Name, string Value)[] wanted) =>
        wanted.Where(one => app.Value.GetValueOrDefault(one.Name) != one.Value)
            .Select(one => $"{app.Key}: {one.Name} is {app.Value.GetValueOrDefault(one.Name)}, not {one.Value}");

    private static IEnumerable<string> Same(string what, IEnumerable<string> wanted, IEnumerable<string> found)
    {
        var (one, other) = (wanted.ToList(), found.ToList());
        return one.Except(other, StringComparer.Ordinal).Select(name => $"{what}: {name} is missing")
            .Concat(other.Except(one, StringComparer.Ordinal).Select(name => $"{what}: {name} is too much"))
            .Concat(other.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1)
                .Select(same => $"{what}: {same.Key} is there twice"));
    }
}
