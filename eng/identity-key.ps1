# Makes the key behind every delivery id, once for an azd environment. An environment that has been deployed before, from wherever,
# has its key in the vault: another one there would make the whole ledger unreadable.
function Test-Value([string] $name) {
  azd env get-value $name *> $null
  return $LASTEXITCODE -eq 0
}

if (Test-Value 'NOTIFY_IDENTITY_KEY') { exit 0 }
if (-not (Test-Value 'AZURE_KEY_VAULT_NAME')) { azd env refresh *> $null }
if (Test-Value 'AZURE_KEY_VAULT_NAME') {
  Write-Output 'The identity key is in the key vault, and stays as it is.'
  exit 0
}
$bytes = [System.Security.Cryptography.RandomNumberGenerator]::GetBytes(32)
azd env set NOTIFY_IDENTITY_KEY ([System.Convert]::ToHexString($bytes).ToLowerInvariant())
Write-Output 'An identity key was made. It goes into the key vault; never change it.'
exit $LASTEXITCODE
