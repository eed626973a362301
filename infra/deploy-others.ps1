# Gives the other apps of an isolation (perLane, perChannel) the package that azd has given to the first. Nothing to do where there is one app.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
$others = (azd env get-value NOTIFY_APPS | ConvertFrom-Json) | Where-Object { $_ -notlike 'func-main-*' }
if (-not $others) { exit 0 }
$group = azd env get-value AZURE_RESOURCE_GROUP
$folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
try {
  dotnet publish Notify.Functions -c Release -o "$folder/app"
  if ($LASTEXITCODE) { throw 'The package could not be built.' }
  Compress-Archive -Path "$folder/app/*" -DestinationPath "$folder/app.zip"
  foreach ($app in $others) {
    Write-Output "Deploying $app"
    az functionapp deployment source config-zip --resource-group $group --name $app --src "$folder/app.zip"
    if ($LASTEXITCODE) { throw "$app was not deployed." }
  }
}
finally {
  Remove-Item -Recurse -Force $folder -ErrorAction SilentlyContinue
}
