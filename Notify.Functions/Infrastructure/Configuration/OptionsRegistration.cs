using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>Binds an options class to its section and checks it at start, so that a fault names its key before anything runs.</summary>
internal static class OptionsRegistration
{
    /// <summary>Binds, checks by data annotations, and prefixes every complaint with the section.</summary>
    public static OptionsBuilder<T> AddCheckedOptions<T>(this IHostApplicationBuilder builder, string section) where T : class
    {
        var options = builder.Services.AddOptions<T>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true);
        options.PostConfigure(ForgetEmpty);
        builder.Services.AddSingleton<IValidateOptions<T>>(new SectionCheck<T>(section));
        return options.ValidateOnStart();
    }

    // A setting that is there but empty counts as absent, so that a file may list every setting there is.
    private static void ForgetEmpty<T>(T options) where T : class
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in typeof(T).GetProperties().Where(one => one.PropertyType == typeof(string) && one is { CanRead: true, CanWrite: true } && one.GetIndexParameters().Length == 0))
        {
            if (nullability.Create(property).WriteState == NullabilityState.Nullable && property.GetValue(options) is "")
            {
                property.SetValue(options, null);
            }
        }
    }

    private sealed class SectionCheck<T>(string section) : IValidateOptions<T> where T : class
    {
        private readonly DataAnnotationValidateOptions<T> _annotations = new(name: null);

        public ValidateOptionsResult Validate(string? name, T options) =>
            _annotations.Validate(name, options) is { Failed: true } failed
                ? ValidateOptionsResult.Fail(failed.Failures!.Select(failure => $"Setting {section}: {failure}"))
                : ValidateOptionsResult.Success;
    }
}
