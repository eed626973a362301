// Queues, tables and packages. No account keys: roles only.
param name string
param location string
param tags object
param sku string
param principalId string

@description('Whether only the private network reaches it.')
param isPrivate bool

@description('The apps, for each a container of packages.')
param apps array

// Tests hold these against the code.
var lanes = ['email', 'email-urgent', 'sms', 'sms-urgent', 'push', 'push-urgent', 'in-app', 'in-app-urgent', 'fanout', 'fanout-urgent', 'digests', 'erase']
var tables = ['events', 'deliveries', 'rejected', 'deadletters', 'recipients', 'suppressions', 'addresses', 'topics', 'inbox']

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = [for app in apps: { name: 'packages-${app}', properties: { publicAccess: 'None' } }]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for lane in lanes: { name: 'notify-${lane}' }]
    resource poison 'queues' = [for lane in lanes: { name: 'notify-${lane}-poison' }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for one in tables: { name: one }]
  }
}

// The host keeps its leases and the packages in blobs, which takes the owner's role; queues and tables take the contributor's.
var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for one in items(roles): {
    name: guid(account.id, principalId, one.value)
    scope: account
    properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', one.value) }
  }
]

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
output packageContainers object = toObject(apps, app => app, app => 'packages-${app}')
