// Secrets, read by the apps as references. A secret that is empty is not made.
param name string
param location string
param tags object
param principalId string
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
param fcmCredentials string
@secure()
param azureCommunicationAccessKey string
@secure()
param azureCommunicationWebhookKey string

var names = ['identityKey', 'unsubscribeKey', 'kafkaPassword', 'sendGridApiKey', 'twilioAuthToken', 'fcmCredentials', 'azureCommunicationAccessKey', 'azureCommunicationWebhookKey']
var values = [identityKey, unsubscribeKey, kafkaPassword, sendGridApiKey, twilioAuthToken, fcmCredentials, azureCommunicationAccessKey, azureCommunicationWebhookKey]

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
  }

  resource secret 'secrets' = [
    for (one, index) in names: if (!empty(values[index])) {
      name: one
      properties: { value: values[index] }
    }
  ]
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  // Key Vault Secrets User
  name: guid(vault.id, principalId, '4633458b-17de-408a-b874-0445c86b69e6')
  scope: vault
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6') }
}

output name string = vault.name
output references object = toObject(names, one => one, one => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${one})')
