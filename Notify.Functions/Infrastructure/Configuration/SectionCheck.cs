using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>Checks a section by its data annotations, groups within it too. Every complaint begins with the setting's whole name.</summary>
internal sealed class SectionCheck<T>(string section) : IValidateOptions<T> where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var faults = FaultsOf(section, options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FaultsOf(string name, object options)
    {
        foreach (var property in KnownSetting.PropertiesOf(options.GetType()))
        {
            foreach (var fault in FaultsOf($"{name}:{KnownSetting.NameOf(property)}", property, property.GetValue(options)))
            {
                yield return fault;
            }
        }
        // Of settings in this section by the rest of their names; of others by their whole ones.
        foreach (var result in (options as IValidatableObject)?.Validate(new ValidationContext(options)) ?? [])
        {
            var message = result.ErrorMessage!;
            yield return message.StartsWith(SettingsCheck.Root, StringComparison.Ordinal) ? message : $"{name}:{message}";
        }
    }

    private static IEnumerable<string> FaultsOf(string name, PropertyInfo property, object? value)
    {
        // What is missing is not also of a wrong form.
        var broken = property.GetCustomAttributes<ValidationAttribute>().OrderByDescending(rule => rule is RequiredAttribute)
            .FirstOrDefault(rule => !rule.IsValid(value));
        if (broken is not null)
        {
            return [Message(broken, name)];
        }
        return KnownSetting.IsByName(property)
            ? ((IDictionary)value!).Keys.Cast<string>().SelectMany(key => FaultsOf($"{name}:{key}", ((IDictionary)value)[key]!))
            : KnownSetting.IsGroup(property) ? FaultsOf(name, value!)
            : [];
    }

    private static string Message(ValidationAttribute broken, string name) => broken switch
    {
        { ErrorMessage: not null } => broken.FormatErrorMessage(name),
        RequiredAttribute => $"{name} is missing.",
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"{name} must be from {range.Minimum} to {range.Maximum}."),
        MinLengthAttribute least => string.Create(CultureInfo.InvariantCulture, $"{name} must have {least.Length} or more characters."),
        _ => broken.FormatErrorMessage(name),
    };
}
