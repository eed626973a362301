using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Sandbox.AzureCommunication;
using Notify.Sandbox.Common;
using Notify.Sandbox.Faults;
using Notify.Sandbox.Fcm;
using Notify.Sandbox.Gate;
using Notify.Sandbox.Messages;
using Notify.Sandbox.Reports;
using Notify.Sandbox.SendGrid;
using Notify.Sandbox.Statistics;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox;

/// <summary>Brings the provider sandbox into a host.</summary>
internal static class SandboxRegistration
{
    /// <summary>Registers the sandbox; <see cref="SandboxEndpoints.MapSandbox"/> puts it on its paths.</summary>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public static IServiceCollection AddSandbox(this IServiceCollection services, SandboxOptions options)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<MessageStore>();
        services.AddSingleton<SandboxStatistics>();
        services.AddSingleton<FaultList>();
        services.AddSingleton<ProviderGate>();
        services.AddSingleton<Acceptance>();
        AddProviders(services);
        AddReports(services);
        return services;
    }

    private static void AddProviders(IServiceCollection services)
    {
        services.AddSingleton<FcmAccessTokens>();
        services.AddSingleton<FcmToken>();
        services.AddSingleton<FcmSend>();
        services.AddSingleton<SendGridSend>();
        services.AddSingleton<TwilioSend>();
        services.AddSingleton<AcsAccess>();
        services.AddSingleton<AcsRequests>();
        services.AddSingleton(typeof(AcsRepeats<>));
        services.AddSingleton<AcsEmailSend>();
        services.AddSingleton<AcsSmsSend>();
    }

    private static void AddReports(IServiceCollection services)
    {
        services.AddSingleton<ReportCounts>();
        services.AddSingleton<ReportSchedule>();
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<IReportPost, EventPost>();
        services.AddSingleton<IReportPost, StatusPost>();
        foreach (var provider in new[] { ProviderNames.AcsEmail, ProviderNames.AcsSms })
        {
            services.AddSingleton<IReportPost>(container => ActivatorUtilities.CreateInstance<EventGridPost>(container, provider));
        }
        services.AddSingleton<ReportCaller>();
        services.AddHostedService<ReportService>();
        // Its own logging would show callback URLs; a machine's proxy has no business between two local processes.
        services.AddHttpClient(ReportCaller.Client)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    }
}
