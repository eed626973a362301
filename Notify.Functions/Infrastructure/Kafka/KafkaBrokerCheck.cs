using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// What has to be set only where Kafka is used; the rules that always hold are on <see cref="BrokerOptions"/> itself. Names the faulty
/// key, so that a start-up that fails says what to set.
/// </summary>
internal sealed class KafkaBrokerCheck : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.BrokerList))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.BrokerList)} is missing: HOST:PORT of a Kafka broker.");
        }
        if (options.SignsInByPassword && string.IsNullOrEmpty(options.Username))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.Username)} is missing: {options.Protocol} signs in by user name and password.");
        }
        if (options.SignsInByPassword && string.IsNullOrEmpty(options.Password))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.Password)} is missing: {options.Protocol} signs in by user name and password.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
