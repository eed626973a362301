#!/usr/bin/env sh
# Makes the key behind every delivery id, once for an azd environment. An environment that has been deployed before, from wherever,
# has its key in the vault: another one there would make the whole ledger unreadable.
set -eu

has() { azd env get-value "$1" >/dev/null 2>&1; }

if has NOTIFY_IDENTITY_KEY; then
  exit 0
fi
has AZURE_KEY_VAULT_NAME || azd env refresh >/dev/null 2>&1 || true
if has AZURE_KEY_VAULT_NAME; then
  echo "The identity key is in the key vault, and stays as it is."
  exit 0
fi
azd env set NOTIFY_IDENTITY_KEY "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
echo "An identity key was made. It goes into the key vault; never change it."
