// Everything that Notify needs in Azure, in a resource group of its own: `azd up`, or
//   az deployment sub create --location LOCATION --template-file infra/main.bicep --parameters infra/prod.bicepparam
// What is created, and why: docs/deployment.md.
targetScope = 'subscription'

@description('Names the resource group and, with the subscription, everything in it.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Where everything is. Flex Consumption, Event Hubs and Azure Managed Redis must be there.')
param location string

@description('shared: one app. perLane: an app for what is urgent. perChannel: an app for each channel. The same package and queues; each function runs in one of them.')
@allowed(['shared', 'perLane', 'perChannel'])
param isolation string = 'shared'

@description('Memory of an instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances of an app.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances of each urgent function, and of the HTTP functions, that are always there, so that nothing critical waits for a cold start. They cost while they idle.')
@minValue(0)
@maxValue(10)
param alwaysReady int = 0

@description('A Kafka of your own, HOST:PORT,…; empty: Event Hubs is created.')
param kafkaBrokerList string = ''

@description('Of a Kafka of your own: Plaintext, Ssl, SaslPlaintext or SaslSsl.')
@allowed(['Plaintext', 'Ssl', 'SaslPlaintext', 'SaslSsl'])
param kafkaProtocol string = 'SaslSsl'

@description('Of a Kafka of your own.')
@allowed(['Plain', 'ScramSha256', 'ScramSha512'])
param kafkaMechanism string = 'Plain'

@description('Of a Kafka of your own.')
param kafkaUsername string = ''

@description('Of a Kafka of your own.')
@secure()
param kafkaPassword string = ''

@description('Partitions of each topic in Event Hubs: the most instances that dispatch a topic at once. Cannot be changed in Standard.')
@minValue(1)
@maxValue(32)
param eventPartitions int = 8

@description('Throughput units of Event Hubs, 1 MB/s in and 2 MB/s out each; it inflates by itself up to four times that.')
@minValue(1)
@maxValue(10)
param eventThroughputUnits int = 1

@description('Days for which Event Hubs keeps a record.')
@minValue(1)
@maxValue(7)
param eventRetentionDays int = 7

@description('Size of Azure Managed Redis.')
param redisSku string = 'Balanced_B0'

@description('Whether Redis has a replica.')
param redisHighAvailability bool = true

@description('Redundancy of the storage account: the ledger is there.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('The secret behind every delivery id: 32 or more characters. It must never change. Empty: the one that is in the vault from an earlier deployment stays.')
@secure()
param identityKey string = ''

@description('The secret that signs unsubscribe links: 32 or more characters. Empty: the one that is in the vault stays; the first deployment makes one.')
@secure()
param unsubscribeKey string = ''

// A provider's secret that is left out stays as it is in the vault, too.
@description('SendGrid.')
@secure()
param sendGridApiKey string = ''

@description('Twilio.')
@secure()
param twilioAuthToken string = ''

@description('The SharedKey of a Webhook Setting of Twilio, where one signs.')
@secure()
param twilioSharedKey string = ''

@description('Firebase: the JSON of the service account.')
@secure()
param fcmCredentials string = ''

@description('Azure Communication Services.')
@secure()
param azureCommunicationAccessKey string = ''

@description('The secret that the Event Grid subscription of Azure Communication Services shows. Empty: the one that is in the vault stays.')
@secure()
param azureCommunicationWebhookKey string = ''

@description('Where providers and recipients reach the service, such as https://notify.example.com; empty: the app\'s own address.')
param publicBaseUrl string = ''

@description('The client id of an app registration whose tokens callers of the API must show, besides a function key; empty: a key is enough.')
param callersClientId string = ''

@description('The audience that these tokens must have; empty: api://CLIENT_ID.')
param callersAudience string = ''

@description('Whether storage, Key Vault, Event Hubs and Redis are reached by private endpoints only; off: from any network, by identity.')
param privateNetwork bool = false

@description('The addresses of the private network, a /22 or wider.')
param privateNetworkAddresses string = '10.80.0.0/22'

@description('More app settings, by name: docs/configuration.md. They win over the defaults in settings.json. No secrets.')
param settings object = {}

@description('Who is told by mail when an alert fires; empty: nobody.')
param alertEmail string = ''

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }

// Every function of the package: a test holds the list against the code.
var functions = loadJsonContent('functions.json')
var urgent = filter(functions, name => endsWith(name, 'Urgent'))
var channels = ['Email', 'Sms', 'Push', 'InApp']
var ofChannel = toObject(channels, channel => channel, channel => filter(functions, name => contains(['Send${channel}', 'Send${channel}Urgent'], name)))
var ofAnyChannel = flatten(map(channels, channel => ofChannel[channel]))

// The first app has what no other has, and answers HTTP.
var apps = {
  shared: [{ name: 'main', functions: functions }]
  perLane: [
    { name: 'main', functions: filter(functions, name => !contains(urgent, name)) }
    { name: 'urgent', functions: urgent }
  ]
  perChannel: concat(
    [{ name: 'main', functions: filter(functions, name => !contains(ofAnyChannel, name)) }],
    map(channels, channel => { name: toLower(channel), functions: ofChannel[channel] })
  )
}[isolation]

resource group 'Microsoft.Resources/resourceGroups@2021-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'identity.bicep' = {
  scope: group
  params: { name: 'id-${token}', location: location, tags: tags }
}

module monitoring 'monitoring.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags, principalId: identity.outputs.principalId }
}

module storage 'storage.bicep' = {
  scope: group
  params: { name: 'st${token}', location: location, tags: tags, sku: storageSku, principalId: identity.outputs.principalId, apps: map(apps, app => app.name), isPrivate: privateNetwork }
}

module redis 'redis.bicep' = {
  scope: group
  params: { name: 'redis-${token}', location: location, tags: tags, sku: redisSku, highAvailability: redisHighAvailability, principalId: identity.outputs.principalId, isPrivate: privateNetwork }
}

module vault 'vault.bicep' = {
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    isPrivate: privateNetwork
    identityKey: identityKey
    unsubscribeKey: unsubscribeKey
    kafkaPassword: kafkaPassword
    sendGridApiKey: sendGridApiKey
    twilioAuthToken: twilioAuthToken
    twilioSharedKey: twilioSharedKey
    fcmCredentials: fcmCredentials
    azureCommunicationAccessKey: azureCommunicationAccessKey
    azureCommunicationWebhookKey: azureCommunicationWebhookKey
  }
}

module events 'events.bicep' = if (empty(kafkaBrokerList)) {
  scope: group
  params: {
    name: 'evhns-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    vaultName: vault.outputs.name
    partitions: eventPartitions
    throughputUnits: eventThroughputUnits
    retentionDays: eventRetentionDays
    isPrivate: privateNetwork
  }
}

var storageTargets = map(['blob', 'queue', 'table'], one => { name: one, id: storage.outputs.id, group: one, zone: 'privatelink.${one}.${environment().suffixes.storage}' })

module network 'network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
    addresses: privateNetworkAddresses
    targets: concat(
      storageTargets,
      [
        { name: 'vault', id: vault.outputs.id, group: 'vault', zone: 'privatelink${replace(environment().suffixes.keyvaultDns, 'vault', 'vaultcore')}' }
        { name: 'redis', id: redis.outputs.id, group: 'redisEnterprise', zone: 'privatelink.redis.azure.net' }
      ],
      empty(kafkaBrokerList) ? [{ name: 'events', id: events!.outputs.id, group: 'namespace', zone: 'privatelink.servicebus.windows.net' }] : []
    )
  }
}

var broker = empty(kafkaBrokerList)
  ? {
      Notify__Broker__BrokerList: '${events!.outputs.host}:9093'
      Notify__Broker__Protocol: 'SaslSsl'
      // The producer signs in by its identity, which may send; the triggers, which cannot, by a rule that may only listen.
      Notify__Broker__Mechanism: 'OAuthBearer'
      Notify__Broker__TriggerPassword: events!.outputs.listenReference
    }
  : union(
      { Notify__Broker__BrokerList: kafkaBrokerList, Notify__Broker__Protocol: kafkaProtocol, Notify__Broker__Mechanism: kafkaMechanism },
      empty(kafkaUsername) ? {} : { Notify__Broker__Username: kafkaUsername },
      empty(kafkaPassword) && empty(kafkaUsername) ? {} : { Notify__Broker__Password: vault.outputs.references.kafkaPassword }
    )

// Which providers are in use, by the settings: their secrets are in the vault, from this deployment or an earlier one.
var known = union(loadJsonContent('settings.json'), settings)
var enabled = filter(['email', 'sms', 'push'], channel => toLower(known['Notify__Channels__${channel}__Enabled']) == 'true')
var used = flatten(map(enabled, channel => map(split(known['Notify__Channels__${channel}__Providers'], ','), provider => toLower(trim(provider)))))
var usesAzureCommunication = contains(used, 'acs-email') || contains(used, 'acs-sms')

var secrets = union(
  { Notify__Identity__Key: vault.outputs.references.identityKey, Notify__Unsubscribe__Key: vault.outputs.references.unsubscribeKey },
  empty(sendGridApiKey) && !contains(used, 'sendgrid') ? {} : { Notify__Providers__SendGrid__ApiKey: vault.outputs.references.sendGridApiKey },
  empty(twilioAuthToken) && !contains(used, 'twilio') ? {} : { Notify__Providers__Twilio__AuthToken: vault.outputs.references.twilioAuthToken },
  empty(twilioSharedKey) && !contains(used, 'twilio') ? {} : { Notify__Providers__Twilio__SharedKey: vault.outputs.references.twilioSharedKey },
  empty(fcmCredentials) && !contains(used, 'fcm') ? {} : { Notify__Providers__Fcm__Credentials: vault.outputs.references.fcmCredentials },
  empty(azureCommunicationAccessKey) && !usesAzureCommunication ? {} : { Notify__Providers__AzureCommunication__AccessKey: vault.outputs.references.azureCommunicationAccessKey },
  empty(azureCommunicationWebhookKey) && !usesAzureCommunication ? {} : { Notify__Providers__AzureCommunication__WebhookKey: vault.outputs.references.azureCommunicationWebhookKey }
)

module app 'app.bicep' = [
  for one in apps: {
    name: 'app-${one.name}'
    scope: group
    params: {
      name: 'func-${one.name}-${token}'
      location: location
      // azd deploys to the first; the others get the same package by infra/deploy-others.sh.
      tags: one.name == 'main' ? union(tags, { 'azd-service-name': 'notify' }) : tags
      identityId: identity.outputs.id
      identityClientId: identity.outputs.clientId
      packages: '${storage.outputs.blobEndpoint}${storage.outputs.packageContainers[one.name]}'
      instanceMemoryMB: instanceMemoryMB
      maximumInstanceCount: maximumInstanceCount
      alwaysReady: alwaysReady
      functions: one.functions
      answersHttp: one.name == 'main'
      callersClientId: callersClientId
      callersAudience: callersAudience
      subnetId: privateNetwork ? network!.outputs.appsSubnetId : ''
      disabled: filter(functions, name => !contains(one.functions, name))
      settings: union(
        loadJsonContent('settings.json'),
        {
          Notify__PublicBaseUrl: empty(publicBaseUrl) ? 'https://func-main-${token}.azurewebsites.net' : publicBaseUrl
          Notify__Redis__Endpoint: redis.outputs.endpoint
          NotifyStorage__queueServiceUri: storage.outputs.queueEndpoint
          NotifyStorage__tableServiceUri: storage.outputs.tableEndpoint
          NotifyStorage__credential: 'managedidentity'
          NotifyStorage__clientId: identity.outputs.clientId
          AzureWebJobsStorage__blobServiceUri: storage.outputs.blobEndpoint
          AzureWebJobsStorage__queueServiceUri: storage.outputs.queueEndpoint
          AzureWebJobsStorage__tableServiceUri: storage.outputs.tableEndpoint
          AzureWebJobsStorage__credential: 'managedidentity'
          AZURE_CLIENT_ID: identity.outputs.clientId
          APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
          APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identity.outputs.clientId}'
          // For the Functions host, which traces every look into a queue, ten a second; the app has its own limit.
          OTEL_TRACES_SAMPLER: 'microsoft.rate_limited'
          OTEL_TRACES_SAMPLER_ARG: '0.2'
        },
        // An app for what is urgent takes few records at a time.
        one.name == 'urgent' ? { AzureFunctionsJobHost__extensions__kafka__maxBatchSize: '32' } : {},
        broker,
        settings,
        secrets
      )
    }
  }
]

module alerts 'alerts.bicep' = {
  scope: group
  params: { location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId, email: alertEmail }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output NOTIFY_URL string = app[0].outputs.url
output NOTIFY_APPS array = [for (one, index) in apps: app[index].outputs.name]
