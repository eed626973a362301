using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Recovery;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Host;

/// <summary>What came to nothing, and how it is sent again.</summary>
internal static class DeadLettersFeature
{
    /// <summary>Adds the dead letters.</summary>
    public static IHostApplicationBuilder AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<DeadLettersOptions>(DeadLettersOptions.SectionName);
        builder.Services.AddSingleton<DeadLetterBox>().AddSingleton<DeadLetterListing>().AddSingleton<DeadLetterRedrive>()
            .AddSingleton<PoisonMessages>().AddSingleton<PoisonQueues>();
        return builder;
    }
}
