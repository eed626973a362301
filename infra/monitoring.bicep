// Logs, traces and metrics; a dashboard over them.
param name string
param location string
param tags object
param principalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: workspace.id, DisableLocalAuth: true }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insights.id, 'notify')
  location: location
  tags: tags
  kind: 'shared'
  properties: { displayName: 'Notify', category: 'workbook', sourceId: insights.id, version: 'Notebook/1.0', serializedData: loadTextContent('workbook.json') }
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  // Monitoring Metrics Publisher
  name: guid(insights.id, principalId, '3913510d-42f4-4e42-8a64-420c390055eb')
  scope: insights
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb') }
}

output workspaceId string = workspace.id
output connectionString string = insights.properties.ConnectionString
