// Event Hubs as the Kafka broker: two topics.
param name string
param location string
param tags object
param principalId string
param vaultName string
param partitions int
param throughputUnits int
param retentionDays int

@description('Whether only the private network reaches it.')
param isPrivate bool

var topics = ['notifications.incoming', 'notifications.urgent']

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  // Standard is the least that speaks Kafka.
  sku: { name: 'Standard', tier: 'Standard', capacity: throughputUnits }
  properties: {
    kafkaEnabled: true
    isAutoInflateEnabled: true
    maximumThroughputUnits: throughputUnits * 4
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    // The Kafka trigger has no sign-in by identity.
    disableLocalAuth: false
  }

  resource hub 'eventhubs' = [
    for topic in topics: {
      name: topic
      properties: { partitionCount: partitions, messageRetentionInDays: retentionDays }
    }
  ]

  resource listen 'authorizationRules' = {
    name: 'listen'
    properties: { rights: ['Listen'] }
  }
}

// The producer sends, and asks how far the group is behind, by the identity.
var roles = {
  'Azure Event Hubs Data Sender': '2b629674-e913-4c01-ae53-ef4638d8f975'
  'Azure Event Hubs Data Receiver': 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for one in items(roles): {
    name: guid(namespace.id, principalId, one.value)
    scope: namespace
    properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', one.value) }
  }
]

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName

  resource secret 'secrets' = {
    name: 'eventHubsListen'
    properties: { value: namespace::listen.listKeys().primaryConnectionString }
  }
}

output id string = namespace.id
output host string = '${namespace.name}.servicebus.windows.net'
output listenReference string = '@Microsoft.KeyVault(SecretUri=${vault::secret.properties.secretUri})'
