// Secrets, read by the apps as references. One that is not given stays as it is, where an earlier deployment has made it.
param name string
param location string
param tags object
param principalId string

@description('Whether only the private network reaches it; deployments do, too.')
param isPrivate bool

@secure()
param identityKey string
@secure()
param unsubscribeKey string
@secure()
param kafkaPassword string
@secure()
param sendGridApiKey string
@secure()
param twilioAuthToken string
@secure()
param twilioSharedKey string
@secure()
param fcmCredentials string
@secure()
param azureCommunicationAccessKey string
@secure()
param azureCommunicationWebhookKey string

@secure()
param madeUnsubscribeKey string = newGuid()
@secure()
param madeWebhookKey string = newGuid()
@secure()
param madeSharedKey string = newGuid()

var names = ['identityKey', 'unsubscribeKey', 'kafkaPassword', 'sendGridApiKey', 'twilioAuthToken', 'twilioSharedKey', 'fcmCredentials', 'azureCommunicationAccessKey', 'azureCommunicationWebhookKey']
var values = [identityKey, unsubscribeKey, kafkaPassword, sendGridApiKey, twilioAuthToken, twilioSharedKey, fcmCredentials, azureCommunicationAccessKey, azureCommunicationWebhookKey]

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }

  resource secret 'secrets' = [
    for (one, index) in names: if (!empty(values[index])) {
      name: one
      properties: { value: values[index] }
    }
  ]
}

// What need not be given is made once, and no later deployment changes it.
@onlyIfNotExists()
resource madeUnsubscribe 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (empty(unsubscribeKey)) {
  parent: vault
  name: 'unsubscribeKey'
  properties: { value: madeUnsubscribeKey }
}

@onlyIfNotExists()
resource madeShared 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (empty(twilioSharedKey)) {
  parent: vault
  name: 'twilioSharedKey'
  properties: { value: madeSharedKey }
}

@onlyIfNotExists()
resource madeWebhook 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (empty(azureCommunicationWebhookKey)) {
  parent: vault
  name: 'azureCommunicationWebhookKey'
  properties: { value: madeWebhookKey }
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  // Key Vault Secrets User
  name: guid(vault.id, principalId, '4633458b-17de-408a-b874-0445c86b69e6')
  scope: vault
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6') }
}

output id string = vault.id
output name string = vault.name
output references object = toObject(names, one => one, one => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${one})')
