// What somebody has to look at: docs/operations.md has a runbook for each.
param location string
param tags object
param workspaceId string
param email string

var rules = [
  {
    name: 'dead-letters'
    description: 'Deliveries came to nothing that can be sent again. Runbook: Dead letters and redrive.'
    severity: 2
    query: 'AppMetrics | where Name == "notify.deliveries.dead_lettered" | summarize Value = sum(Sum) by bin(TimeGenerated, 5m)'
    threshold: 0
  }
  {
    name: 'poison-depth'
    description: 'Messages lie in a poison queue and nobody takes them. Runbook: Messages in a poison queue.'
    severity: 2
    query: 'AppMetrics | where Name == "notify.queue.depth" and tostring(Properties.queue) endswith "-poison" | summarize Value = max(Max) by bin(TimeGenerated, 5m)'
    threshold: 0
  }
  {
    name: 'consumer-lag'
    description: 'More than 10,000 records wait for the dispatchers. Runbook: The dispatchers lag.'
    severity: 2
    query: 'AppMetrics | where Name == "notify.topic.lag" | summarize Value = max(Max) by bin(TimeGenerated, 5m)'
    threshold: 10000
  }
  {
    name: 'circuit-open'
    description: 'A provider fails, and nothing is sent there. Runbook: A provider is out.'
    severity: 2
    query: 'AppMetrics | where Name == "notify.circuit.open" | summarize Value = max(Max) by bin(TimeGenerated, 5m)'
    threshold: 0
  }
  {
    name: 'account-refused'
    description: 'A provider refuses our account: wrong or revoked credentials, an unverified sender, used-up credits. Runbook: A provider refuses our account.'
    severity: 1
    query: 'AppMetrics | where Name == "notify.account.refused" | summarize Value = sum(Sum) by bin(TimeGenerated, 5m)'
    threshold: 0
  }
  {
    name: 'digest-lateness'
    description: 'Digests or deferred deliveries have been due for more than ten minutes. Runbook: Digests are late.'
    severity: 2
    query: 'AppMetrics | where Name == "notify.digest.lateness" | summarize Value = max(Max) by bin(TimeGenerated, 5m)'
    threshold: 600
  }
]

// One promise for each priority, Notify__Priorities__…__MaxLatency: the app counts what breaks it, for a percentile could not be asked of the platform's metrics.
var late = map(
  [
    { priority: 'critical', severity: 1 }
    { priority: 'high', severity: 2 }
    { priority: 'normal', severity: 3 }
    { priority: 'low', severity: 3 }
  ],
  one => {
    name: 'late-${one.priority}'
    description: 'More than 1 % of the ${one.priority} notifications of five minutes reached their provider later than is promised. Runbook: Deliveries are late.'
    severity: one.severity
    query: 'AppMetrics | where Name in ("notify.deliveries.late", "notify.delivery.latency") and tostring(Properties.priority) == "${one.priority}" | summarize Late = sumif(Sum, Name == "notify.deliveries.late"), Sent = sumif(ItemCount, Name == "notify.delivery.latency") by bin(TimeGenerated, 5m) | where Sent > 0 | extend Value = 100.0 * Late / Sent'
    threshold: 1
  }
)

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'notify'
  location: 'global'
  tags: tags
  properties: { groupShortName: 'notify', enabled: true, emailReceivers: [{ name: 'operations', emailAddress: email, useCommonAlertSchema: true }] }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for one in concat(rules, late): {
    name: 'notify-${one.name}'
    location: location
    tags: tags
    properties: {
      displayName: 'Notify: ${one.name}'
      description: one.description
      severity: one.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      // The table is not there before the first metric is.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: one.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: 'Value'
            operator: 'GreaterThan'
            threshold: one.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(email) ? [] : [people.id] }
    }
  }
]
