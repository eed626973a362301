using 'main.bicep'

// Replicas, an app of its own for what is urgent, and instances of it that are always there.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'notify')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param isolation = 'perLane'
param alwaysReady = 1
param eventPartitions = 16
param eventThroughputUnits = 2
param eventRetentionDays = 7
param redisSku = 'Balanced_B1'
param redisHighAvailability = true
param storageSku = 'Standard_ZRS'
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

// What a provider needs besides its secret; a channel without a provider is switched off here.
param settings = {
  Notify__Providers__SendGrid__FromAddress: readEnvironmentVariable('SENDGRID_FROM_ADDRESS', '')
  Notify__Providers__SendGrid__FromName: readEnvironmentVariable('SENDGRID_FROM_NAME', '')
  Notify__Providers__SendGrid__WebhookKey: readEnvironmentVariable('SENDGRID_WEBHOOK_KEY', '')
  Notify__Providers__Twilio__AccountSid: readEnvironmentVariable('TWILIO_ACCOUNT_SID', '')
  Notify__Providers__Twilio__MessagingServiceSid: readEnvironmentVariable('TWILIO_MESSAGING_SERVICE_SID', '')
  Notify__Providers__Fcm__ProjectId: readEnvironmentVariable('FCM_PROJECT_ID', '')
}
