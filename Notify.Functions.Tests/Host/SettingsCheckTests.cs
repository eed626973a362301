using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Infra;

namespace Notify.Functions.Tests.Host;

/// <summary>A setting that is faulty, or does not exist, stops the start and is named: each in a line, all at once.</summary>
public sealed class SettingsCheckTests
{
    private static readonly string[] Known = [.. AppSettings.OfOptions.Keys.Append("Notify__PublicBaseUrl")
        .Select(name => name.Replace(AppSettings.AnyCategory, "comments", StringComparison.Ordinal))];

    private static readonly string[] Secrets =
        [.. Known, "NotifyStorage", "NotifyStorage__clientId", "AzureWebJobsStorage", "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    [Fact]
    public void The_sample_has_no_fault() => Assert.Empty(Faults());

    [Fact]
    public void The_service_knows_the_settings_that_are_documented_and_no_others()
    {
        using var host = CompositionTests.Build(CompositionTests.SampleSettings());
        var known = host.Services.GetServices<SettingSection>().SelectMany(section => section.Settings)
            .Select(setting => AppSettings.NameOf(string.Join(':', setting.Path))).Distinct(StringComparer.Ordinal);

        Assert.Equal(AppSettings.OfOptions.Keys.Append("Notify__PublicBaseUrl").Order(StringComparer.Ordinal),
            known.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Notify__Chanels__email__Enabled", "Notify__Channels__email__Enabled")]
    [InlineData("Notify__Channels__e-mail__Enabled", "Notify__Channels__email__Enabled")]
    [InlineData("Notify__Channels__fax__Enabled", "Notify__Channels__sms__Enabled")]
    [InlineData("Notify__Channels__email__RateLimits", "Notify__Channels__email__RateLimit")]
    [InlineData("Notify__Channels__email__RateLimit__Burst", "Notify__Channels__email__RateLimit")]
    [InlineData("Notify__Channels__email", "Notify__Channels__email__Enabled")]
    [InlineData("Notify__Priorities__critcal__MaxLatency", "Notify__Priorities__critical__MaxLatency")]
    [InlineData("Notify__Priorities__critical__MaxLatencyMs", "Notify__Priorities__critical__MaxLatency")]
    [InlineData("Notify__Providers__SendGird__ApiKey", "Notify__Providers__SendGrid__ApiKey")]
    [InlineData("Notify__Providers__Twilio__AuthTokn", "Notify__Providers__Twilio__AuthToken")]
    [InlineData("Notify__Throttling__Categories__comments__Limits", "Notify__Throttling__Categories__comments__Limit")]
    [InlineData("Notify__Throtling__Categories__comments__Limit", "Notify__Throttling__Categories__comments__Limit")]
    [InlineData("Notify__Redis__ConectionString", "Notify__Redis__ConnectionString")]
    [InlineData("Notify__Batching__Channels__0", "Notify__Batching__Channels")]
    [InlineData("Notify__PublicBaseUri", "Notify__PublicBaseUrl")]
    public void A_setting_that_does_not_exist_is_named_with_the_nearest_one(string name, string nearest) =>
        Assert.Equal([$"{name} is not a setting; the nearest is {nearest}."], Faults((name, "x")));

    [Fact]
    public void Every_setting_is_found_where_a_letter_of_its_name_is_missing()
    {
        var misspelt = Known.ToDictionary(name => name[..^2] + name[^1], name => name, StringComparer.Ordinal);

        Assert.Equal(
            misspelt.Select(one => $"{one.Key} is not a setting; the nearest is {one.Value}.").Order(StringComparer.Ordinal),
            Faults([.. misspelt.Keys.Select(name => (name, "x"))]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_may_be_in_any_case() => Assert.Empty(Faults(("NOTIFY__CHANNELS__EMAIL__RATELIMIT", "50")));

    [Fact]
    public void The_local_host_s_own_settings_are_none_of_the_app_s_business() =>
        Assert.Empty(Faults(("Notify__LocalHost__QueueLease", "00:00:20"), ("Notify__LocalHost__Whatever", "x")));

    [Theory]
    [InlineData("Notify__Channels__email__RateLimit", "fast", "a number")]
    [InlineData("Notify__Channels__email__RateLimit", "1,5", "a number")]
    [InlineData("Notify__Channels__sms__BatchSize", "ten", "a whole number")]
    [InlineData("Notify__Channels__sms__BatchSize", "1.5", "a whole number")]
    [InlineData("Notify__Broker__MaxLag", "99999999999999999999", "a whole number")]
    [InlineData("Notify__Channels__in_app__Enabled", "yes", "true or false")]
    [InlineData("Notify__Batching__Window", "5 minutes", "a time such as 00:00:30 or 1.00:00:00")]
    [InlineData("Notify__Priorities__high__MaxLatency", "2s", "a time such as 00:00:30 or 1.00:00:00")]
    [InlineData("Notify__Broker__Protocol", "Tls", "one of Plaintext, Ssl, SaslPlaintext, SaslSsl")]
    [InlineData("Notify__Broker__Protocol", "7", "one of Plaintext, Ssl, SaslPlaintext, SaslSsl")]
    [InlineData("Notify__Throttling__Categories__comments__Limit", "few", "a whole number")]
    [InlineData("Notify__Providers__SendGrid__WebhookTolerance", "long", "a time such as 00:00:30 or 1.00:00:00")]
    public void A_value_that_cannot_be_read_is_named_with_what_it_should_be(string name, string value, string expected) =>
        Assert.Equal([$"{name} is '{value}', which is not {expected}."], Faults((name, value)));

    [Fact]
    public void Every_setting_that_is_no_text_is_held_to_its_type()
    {
        using var host = CompositionTests.Build(CompositionTests.SampleSettings());
        // Whether a channel is on decides which others are needed.
        var typed = host.Services.GetServices<SettingSection>().SelectMany(section => section.Settings)
            .Where(setting => setting.Type != typeof(string) && setting.Type != typeof(Uri))
            .Select(setting => AppSettings.NameOf(string.Join(':', setting.Path))
                .Replace(AppSettings.AnyCategory, "comments", StringComparison.Ordinal))
                    .Where(name => !name.EndsWith("__Enabled", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();

        var faults = Faults([.. typed.Select(name => (name, "nonsense"))]);

        Assert.True(typed.Count > 40, $"{typed.Count}");
        Assert.Equal(typed.Order(StringComparer.Ordinal), faults.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Notify__Channels__email__Providers", "mailgun",
        "names 'mailgun', which is not a provider of email; there are acs-email, sendgrid.")]
    [InlineData("Notify__Channels__email__Providers", "sendgrid,twilio",
        "names 'twilio', which is not a provider of email; there are acs-email, sendgrid.")]
    [InlineData("Notify__Channels__sms__Providers", "sms", "names 'sms', which is not a provider of sms; there are acs-sms, twilio.")]
    [InlineData("Notify__Channels__in_app__Providers", "fcm", "names 'fcm', which is not a provider of in_app; there is inbox.")]
    [InlineData("Notify__Channels__in_app__Providers", ",", "names no provider; set Enabled to false to switch the channel off.")]
    [InlineData("Notify__Channels__in_app__RateLimit", "-1", "must be from 0.01 to 100000, or 0 for none.")]
    [InlineData("Notify__Channels__in_app__RateLimit", "NaN", "must be from 0.01 to 100000, or 0 for none.")]
    [InlineData("Notify__Channels__in_app__BatchSize", "0", "must be from 1 to 1000.")]
    [InlineData("Notify__Channels__sms__MaxMessageLength", "0", "must be from 1 to 10000.")]
    [InlineData("Notify__Priorities__critical__MaxLatency", "00:00:00", "must be from 00:00:00.0100000 to 1.00:00:00.")]
    [InlineData("Notify__Priorities__critical__BatchingAllowed", "true",
        "is true; critical and high notifications never wait for a digest.")]
    [InlineData("Notify__Priorities__high__BatchingAllowed", "true", "is true; critical and high notifications never wait for a digest.")]
    [InlineData("Notify__Batching__Channels", "email,fax", "names 'fax', which is not a channel; there are email, sms, push, in_app.")]
    [InlineData("Notify__Batching__Priorities", "critical", "names 'critical'; only normal and low may wait.")]
    [InlineData("Notify__Batching__Schedule", "every day", "is 'every day', which is not an NCRONTAB expression of six fields.")]
    [InlineData("Notify__Batching__Schedule", "*/5 * * * *", "is '*/5 * * * *', which is not an NCRONTAB expression of six fields.")]
    [InlineData("Notify__Broker__BrokerList", "localhost:kafka", "names 'localhost:kafka', which is not HOST:PORT.")]
    [InlineData("Notify__Broker__SslCaLocation", "/no/such/file.pem", "names '/no/such/file.pem', and there is no such file.")]
    [InlineData("Notify__Redis__ConnectionString", "localhost:6379,abortConnect=perhaps",
        "is not a connection string as StackExchange.Redis reads it.")]
    [InlineData("Notify__Throttling__Categories__comments__Limit", "-1", "must be from 0 to 10000.")]
    [InlineData("Notify__Throttling__Categories__comments__Window", "00:00:00", "must be from 00:00:01 to 31.00:00:00.")]
    [InlineData("Notify__Identity__Key", "short", "must have 32 or more characters.")]
    [InlineData("Notify__PublicBaseUrl", "notify.example", "is not an absolute http or https address.")]
    [InlineData("NotifyStorage", "secret", "is not a connection string of Azure Storage.")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "secret",
        "is not a connection string of Application Insights, InstrumentationKey=…;IngestionEndpoint=https://…")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=k;IngestionEndpoint=there",
        "is not a connection string of Application Insights, InstrumentationKey=…;IngestionEndpoint=https://…")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "is not an absolute http or https address.")]
    public void A_value_that_is_out_of_range_or_names_nothing_is_one_line(string name, string value, string complaint) =>
        Assert.Equal([$"{name} {complaint}"], Faults((name, value)));

    [Fact]
    public void All_faults_are_told_at_once_each_in_a_line()
    {
        var faults = Faults(
            ("Notify__Chanels__email__Enabled", "true"), ("Notify__Channels__email__RateLimit", "fast"),
            ("Notify__Channels__sms__Providers", "mailgun"), ("Notify__Batching__Window", "00:00:00"),
            ("Notify__Channels__push__Enabled", "true"), ("Notify__Deduplication__Ttl", "long\nago"),
            ("Notify__Sending__RetryBulk", "soon"));

        Assert.Equal(
            [
                "Notify__Batching__Window", "Notify__Chanels__email__Enabled", "Notify__Channels__email__RateLimit",
                "Notify__Channels__sms__Providers", "Notify__Deduplication__Ttl",
                "Notify__Providers__Fcm__Credentials", "Notify__Providers__Fcm__ProjectId", "Notify__Sending__RetryBulk",
            ],
            faults.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(faults, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void What_is_there_but_empty_counts_as_absent()
    {
        string[] needed = ["Notify__Broker__BrokerList", "Notify__Redis__ConnectionString", "Notify__Channels__email__Enabled",
            "Notify__Channels__sms__Enabled", "Notify__Channels__push__Enabled"];
        var settings = With([.. Known.Except(needed, StringComparer.Ordinal).Select(name => (name, ""))]);

        using var host = CompositionTests.Build(settings);

        Assert.Empty(SettingFaults.Find(host.Services));
        Assert.Equal(100, host.Services.GetRequiredService<IOptions<ChannelsOptions>>().Value.Email.RateLimit);
        Assert.Equal("low,normal", host.Services.GetRequiredService<IOptions<BatchingOptions>>().Value.Priorities);
        Assert.Equal(new SendingOptions().RetryBulk, host.Services.GetRequiredService<IOptions<SendingOptions>>().Value.RetryBulk);
        Assert.Equal(new PrioritiesOptions().Critical.MaxLatency,
            host.Services.GetRequiredService<IOptions<PrioritiesOptions>>().Value.Critical.MaxLatency);
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/key)")]
    [InlineData(" @microsoft.keyvault(VaultName=kv;SecretName=key)")]
    [InlineData("@Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=key)")]
    public void A_reference_that_Azure_has_not_resolved_is_not_taken_for_the_secret_whichever_setting_it_is(string reference)
    {
        var faults = Faults([.. Secrets.Select(name => (name, reference))]);

        Assert.All(faults, line => Assert.Contains(" is a reference to a secret that Azure has not resolved", line,
            StringComparison.Ordinal));
        Assert.Equal(Secrets.Order(StringComparer.Ordinal), faults.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("WEBSITE_SITE_NAME")]
    [InlineData("WEBSITE_SKU")]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("WEBSITE_POD_NAME")]
    [InlineData("CONTAINER_NAME")]
    [InlineData("CONTAINER_APP_NAME")]
    public void The_development_key_is_refused_wherever_anything_says_that_this_is_Azure(string sign)
    {
        Assert.StartsWith("Notify__Identity__Key is missing, or the development key", Assert.Single(Faults((sign, "x"))),
            StringComparison.Ordinal);
        Assert.StartsWith("Notify__Identity__Key is missing, or the development key",
            Assert.Single(Faults((sign, "x"), ("Notify__Identity__Key", ""))), StringComparison.Ordinal);
        Assert.Empty(Faults((sign, "x"), ("Notify__Identity__Key", "a-key-of-our-own-0000000000000000")));
        Assert.Empty(Faults((sign, "")));
    }

    private static IReadOnlyList<string> Faults(params (string Name, string Value)[] settings)
    {
        using var host = CompositionTests.Build(With(settings));
        return SettingFaults.Find(host.Services);
    }

    private static Dictionary<string, string?> With(params (string Name, string Value)[] settings)
    {
        var all = CompositionTests.SampleSettings();
        foreach (var (name, value) in settings)
        {
            all[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }
        return all;
    }
}
