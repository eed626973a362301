using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.Fcm;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Functions.Tests.Providers.SendGrid;
using Notify.Functions.Tests.Providers.Twilio;

namespace Notify.Functions.Tests.Providers;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Providers_in_use_start_with_their_settings_and_are_found()
    {
        using var app = new ProviderApp(AllSettings(), AddAll);
        await app.Host.StartAsync();
        var senders = app.Host.Services.GetServices<IProviderSender>().Select(sender =>
            (sender.Name, sender.Channel, sender.MaxTargets)).Order();
        Assert.Equal([("acs-email", Channel.Email, 1), ("acs-sms", Channel.Sms, 1), ("fcm", Channel.Push, 1),
            ("sendgrid", Channel.Email, 1000), ("twilio", Channel.Sms, 1)], senders);
        Assert.Equal(["azure-communication", "sendgrid", "twilio"], app.Host.Services.GetServices<IWebhookProvider>()
            .Select(provider => provider.Name).Order());
        await app.Host.StopAsync();
    }

    [Fact]
    public async Task Providers_out_of_use_need_no_settings_and_are_not_there()
    {
        using var app = new ProviderApp([], builder => builder.AddSendGrid(inUse: false).AddTwilio(inUse: false).AddFcm(inUse: false)
            .AddAzureCommunication(sendsEmail: false, sendsSms: false));
        await app.Host.StartAsync();
        Assert.Empty(app.Host.Services.GetServices<IProviderSender>());
        Assert.Empty(app.Host.Services.GetServices<IWebhookProvider>());
        await app.Host.StopAsync();
    }

    [Theory]
    [InlineData("Notify:Providers:SendGrid:ApiKey", null)]
    [InlineData("Notify:Providers:SendGrid:ApiKey", "two words")]
    [InlineData("Notify:Providers:SendGrid:FromAddress", null)]
    [InlineData("Notify:Providers:SendGrid:FromAddress", "nobody")]
    [InlineData("Notify:Providers:SendGrid:BaseAddress", "http://api.sendgrid.com")]
    [InlineData("Notify:Providers:SendGrid:BaseAddress", "api.sendgrid.com")]
    [InlineData("Notify:Providers:SendGrid:WebhookKey", null)]
    [InlineData("Notify:Providers:SendGrid:WebhookKey", "c2VjcmV0")]
    [InlineData("Notify:Providers:SendGrid:WebhookTolerance", "00:00:00")]
    [InlineData("Notify:Providers:Twilio:AccountSid", null)]
    [InlineData("Notify:Providers:Twilio:AccountSid", "SK1")]
    [InlineData("Notify:Providers:Twilio:AuthToken", null)]
    [InlineData("Notify:Providers:Twilio:AuthToken", "line\nbreak")]
    [InlineData("Notify:Providers:Twilio:From", null)]
    [InlineData("Notify:Providers:Twilio:BaseAddress", "https://user:password@api.twilio.com")]
    [InlineData("Notify:PublicBaseUrl", null)]
    [InlineData("Notify:PublicBaseUrl", "notify.example")]
    [InlineData("Notify:Providers:AzureCommunication:BaseAddress", null)]
    [InlineData("Notify:Providers:AzureCommunication:BaseAddress", "http://name.communication.azure.com")]
    [InlineData("Notify:Providers:AzureCommunication:AccessKey", null)]
    [InlineData("Notify:Providers:AzureCommunication:AccessKey", "no base64!")]
    [InlineData("Notify:Providers:AzureCommunication:SenderAddress", null)]
    [InlineData("Notify:Providers:AzureCommunication:SenderAddress", "nobody")]
    [InlineData("Notify:Providers:AzureCommunication:From", null)]
    [InlineData("Notify:Providers:AzureCommunication:WebhookKey", null)]
    [InlineData("Notify:Providers:AzureCommunication:WebhookKey", "tooShort")]
    [InlineData("Notify:Providers:AzureCommunication:WebhookKey", "a key that has spaces in it")]
    [InlineData("Notify:Providers:Fcm:ProjectId", null)]
    [InlineData("Notify:Providers:Fcm:ProjectId", "a/b")]
    [InlineData("Notify:Providers:Fcm:BaseAddress", "ftp://fcm.googleapis.com")]
    [InlineData("Notify:Providers:Fcm:Credentials", null)]
    [InlineData("Notify:Providers:Fcm:Credentials", "/secrets/key.json")]
    [InlineData("Notify:Providers:Fcm:Credentials", "[]")]
    [InlineData("Notify:Providers:Fcm:Credentials", """{"client_email":"a@b"}""")]
    [InlineData("Notify:Providers:Fcm:Credentials",
        """{"client_email":"a@b","private_key":"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}""")]
    public async Task A_faulty_setting_stops_the_start_and_is_named_without_its_value(string key, string? value)
    {
        var settings = AllSettings();
        settings[key] = value;
        using var app = new ProviderApp(settings, AddAll);
        var fault = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => app.Host.StartAsync());
        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
        if (value is not null)
        {
            Assert.DoesNotContain(value, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_address_in_clear_text_is_refused()
    {
        var settings = AllSettings();
        settings["Notify:Providers:Fcm:Credentials"] = FcmProject.Credentials("http://oauth2.googleapis.com/token");
        using var app = new ProviderApp(settings, AddAll);
        var fault = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => app.Host.StartAsync());
        Assert.Contains("Notify:Providers:Fcm:Credentials has a token_uri", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "From", "acs-email")]
    [InlineData(false, "SenderAddress", "acs-sms")]
    public async Task One_channel_of_Azure_Communication_Services_needs_no_sender_of_the_other(bool email, string other, string name)
    {
        var settings = AzureCommunicationAccount.Settings("http://localhost:1");
        settings.Remove("Notify:Providers:AzureCommunication:" + other);
        using var app = new ProviderApp(settings, builder => builder.AddAzureCommunication(sendsEmail: email, sendsSms: !email));
        await app.Host.StartAsync();
        Assert.Equal((name, "azure-communication"), (app.Sender.Name, app.Webhook.Name));
        await app.Host.StopAsync();
    }

    private static void AddAll(IHostApplicationBuilder builder) =>
        builder.AddSendGrid(inUse: true).AddTwilio(inUse: true).AddFcm(inUse: true).AddAzureCommunication(sendsEmail: true, sendsSms: true);

    private static Dictionary<string, string?> AllSettings()
    {
        var settings = SendGridAccount.Settings("http://localhost:1");
        foreach (var (key, value) in TwilioAccount.Settings("http://sandbox:2")
            .Concat(FcmProject.Settings("https://fcm.googleapis.com", FcmProject.Credentials("https://oauth2.googleapis.com/token")))
            .Concat(AzureCommunicationAccount.Settings("http://localhost:3")))
        {
            settings[key] = value;
        }
        return settings;
    }
}
