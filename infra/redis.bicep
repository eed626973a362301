// Azure Managed Redis, by Microsoft Entra only. A fast path: losing it slows the service down and makes nothing wrong, so nothing is persisted.
param name string
param location string
param tags object
param sku string
param highAvailability bool
param principalId string

@description('Whether only the private network reaches it.')
param isPrivate bool

resource cluster 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: { minimumTlsVersion: '1.2', highAvailability: highAvailability ? 'Enabled' : 'Disabled', publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled' }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cluster
  name: 'default'
  properties: {
    accessKeysAuthentication: 'Disabled'
    clientProtocol: 'Encrypted'
    clusteringPolicy: 'EnterpriseCluster'
    evictionPolicy: 'VolatileTTL'
    port: 10000
  }
}

resource access 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = {
  parent: database
  name: 'notify'
  properties: { accessPolicyName: 'default', user: { objectId: principalId } }
}

output id string = cluster.id
output endpoint string = '${cluster.properties.hostName}:10000'
