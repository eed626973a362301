using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// What has to be set only where Kafka is used; the rules that always hold are on <see cref="BrokerOptions"/> itself. Names the faulty
/// key, so that a start-up that fails says what to set.
/// </summary>
internal sealed partial class KafkaBrokerCheck : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.BrokerList))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.BrokerList)} is missing: HOST:PORT of a Kafka broker.");
        }
        foreach (var broker in options.BrokerList.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(broker => !Broker().IsMatch(broker)))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.BrokerList)} names '{broker}', which is not HOST:PORT.");
        }
        if (options.SslCaLocation is { } certificates && !File.Exists(certificates))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.SslCaLocation)} names '{certificates}', and there is no such file.");
        }
        if (options.SignsInByPassword && string.IsNullOrEmpty(options.Username))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.Username)} is missing: {options.Protocol} signs in by user name and "
                + $"password.");
        }
        if (options.SignsInByPassword && string.IsNullOrEmpty(options.Password))
        {
            faults.Add($"{BrokerOptions.SectionName}:{nameof(options.Password)} is missing: {options.Protocol} signs in by user name and "
                + $"password.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // As librdkafka reads it: a protocol before it, an IPv6 address in brackets; without a port it is 9092.
    [GeneratedRegex(@"^(\w+://)?(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+)(:[0-9]{1,5})?$", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Broker();
}
