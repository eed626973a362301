using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>Binds an options class to its section and checks it at start, so that every fault is named before anything runs.</summary>
internal static class OptionsRegistration
{
    /// <summary>Binds a section and checks it by its data annotations.</summary>
    public static OptionsBuilder<T> AddCheckedOptions<T>(this IHostApplicationBuilder builder, string section) where T : class
    {
        builder.AddKnownSettings<T>(section);
        builder.Services.AddSingleton<IValidateOptions<T>>(new SectionCheck<T>(section));
        return builder.Services.AddOptions<T>()
            .Configure<IConfiguration>((options, configuration) => configuration.ReadInto(section, options))
            .ValidateOnStart();
    }

    /// <summary>
    /// Says which settings a section has, though nothing needs them in this process: those of a provider that no channel names, for
    /// instance.
    /// </summary>
    public static IHostApplicationBuilder AddKnownSettings<T>(this IHostApplicationBuilder builder, string section) where T : class
    {
        builder.Services.AddSingleton(new SettingSection(section, typeof(T)));
        return builder;
    }

    /// <summary>Checks at start that there is every setting that is set, and that each can be read.</summary>
    public static IHostApplicationBuilder AddSettingsCheck(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AllSettings>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AllSettings>, SettingsCheck>();
        return builder;
    }
}
