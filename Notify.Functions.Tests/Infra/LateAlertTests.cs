namespace Notify.Functions.Tests.Infra;

/// <summary>The alerts on deliveries that are late.</summary>
public sealed class LateAlertTests
{
    [Theory]
    [InlineData("critical", "1")]
    [InlineData("high", "2")]
    [InlineData("normal", "3")]
    [InlineData("low", "3")]
    public async Task An_alert_fires_where_more_than_one_in_a_hundred_of_five_minutes_is_late(string priority, string severity)
    {
        var rule = Assert.Single((await Deployment.PredictAsync()).Of("Microsoft.Insights/scheduledQueryRules"), one =>
            one.Name == "notify-late-" + priority);
        var condition = Assert.Single(rule.Json.GetProperty("properties").GetProperty("criteria").GetProperty("allOf").EnumerateArray());

        Assert.Equal((severity, "PT5M"), (rule["properties.severity"], rule["properties.evaluationFrequency"]));
        Assert.Equal(
            $"""AppMetrics | where Name in ("notify.deliveries.late", "notify.delivery.latency") and tostring(Properties.priority) == "{priority}" """
            + """| summarize Late = sumif(Sum, Name == "notify.deliveries.late"), Sent = sumif(ItemCount, Name == "notify.delivery.latency") by bin(TimeGenerated, 5m) """
            + "| where Sent > 0 | extend Value = 100.0 * Late / Sent",
            condition.GetProperty("query").GetString());
        Assert.Equal(("Value", "Maximum", "GreaterThan", 1),
            (condition.GetProperty("metricMeasureColumn").GetString(), condition.GetProperty("timeAggregation").GetString(),
                condition.GetProperty("operator").GetString(), condition.GetProperty("threshold").GetInt32()));
    }

    [Fact]
    public async Task No_alert_goes_by_an_average_of_latencies() =>
        Assert.DoesNotContain((await Deployment.PredictAsync()).Of("Microsoft.Insights/scheduledQueryRules"), one => one.Json.ToString()
            .Contains("sum(Sum) / sum(ItemCount)", StringComparison.Ordinal));
}
