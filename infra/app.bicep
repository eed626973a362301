// A function app on Flex Consumption. A plan takes one app.
param name string
param location string
param tags object
param identityId string
param identityClientId string

@description('The container of its packages.')
param packages string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReady int

@description('The functions that run here.')
param functions array

@description('The functions that run in another app.')
param disabled array
param answersHttp bool
param settings object
param callersClientId string
param callersAudience string

@description('The subnet through which it reaches what it uses; empty: the public network.')
param subnetId string

var readyFunctions = map(filter(functions, one => endsWith(one, 'Urgent')), one => 'function:${one}')
var ready = alwaysReady == 0 ? [] : map(answersHttp ? concat(['http'], readyFunctions) : readyFunctions, one => { name: one, instanceCount: alwaysReady })

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    keyVaultReferenceIdentity: identityId
    siteConfig: { minTlsVersion: '1.2', ftpsState: 'Disabled', http20Enabled: true }
    functionAppConfig: {
      deployment: { storage: { type: 'blobContainer', value: packages, authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId } } }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: { instanceMemoryMB: instanceMemoryMB, maximumInstanceCount: maximumInstanceCount, alwaysReady: ready }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, { AzureWebJobsStorage__clientId: identityClientId }, toObject(disabled, one => 'AzureWebJobs.${one}.Disabled', one => 'true'))
  }

  // Signature, issuer and audience are checked by the platform before the app sees a request. Who has no token of ours has a signature, a signed link or nothing to hide.
  resource callers 'config' = if (answersHttp && !empty(callersClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        excludedPaths: ['/api/webhooks/*', '/api/unsubscribe/*', '/api/health', '/api/health/live']
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: { clientId: callersClientId, openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0' }
          validation: { allowedAudiences: [empty(callersAudience) ? 'api://${callersClientId}' : callersAudience] }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }

  // Packages come by Microsoft Entra only.
  resource scm 'basicPublishingCredentialsPolicies' = { name: 'scm', properties: { allow: false } }
  resource ftp 'basicPublishingCredentialsPolicies' = { name: 'ftp', properties: { allow: false } }
}

output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
