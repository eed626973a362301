using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Telemetry;

/// <summary>How much of what is traced is kept.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Telemetry";

    /// <summary>How many traces a second this process sends to Application Insights at most.</summary>
    /// <value>Default: 5.</value>
    [Range(0.0, 1000.0)]
    public double TracesPerSecond { get; set; } = 5;
}
