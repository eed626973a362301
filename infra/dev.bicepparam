using 'main.bicep'

// The smallest that works: one instance family, no replica, nothing kept ready.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'notify-dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param isolation = 'shared'
param alwaysReady = 0
param eventPartitions = 4
param eventThroughputUnits = 1
param eventRetentionDays = 1
param redisSku = 'Balanced_B0'
param redisHighAvailability = false
param storageSku = 'Standard_LRS'
param alertEmail = readEnvironmentVariable('NOTIFY_ALERT_EMAIL', '')
param publicBaseUrl = readEnvironmentVariable('NOTIFY_PUBLIC_BASE_URL', '')

param identityKey = readEnvironmentVariable('NOTIFY_IDENTITY_KEY', '')
param unsubscribeKey = readEnvironmentVariable('NOTIFY_UNSUBSCRIBE_KEY', '')
param sendGridApiKey = readEnvironmentVariable('SENDGRID_API_KEY', '')
param twilioAuthToken = readEnvironmentVariable('TWILIO_AUTH_TOKEN', '')
param twilioSharedKey = readEnvironmentVariable('TWILIO_SHARED_KEY', '')
param fcmCredentials = readEnvironmentVariable('FCM_CREDENTIALS', '')
param azureCommunicationAccessKey = readEnvironmentVariable('ACS_ACCESS_KEY', '')
param azureCommunicationWebhookKey = readEnvironmentVariable('ACS_WEBHOOK_KEY', '')

// The inbox alone, until a provider's settings are there (docs/configuration.md).
param settings = {
  Notify__Channels__email__Enabled: 'false'
  Notify__Channels__sms__Enabled: 'false'
  Notify__Channels__push__Enabled: 'false'
}
