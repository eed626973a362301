#!/bin/sh
# Gives the other apps of an isolation (perLane, perChannel) the package that azd has given to the first. Nothing to do where there is one app.
set -eu
cd "$(dirname "$0")/.."
others=$(azd env get-value NOTIFY_APPS | tr -d '[]" ' | tr ',' '\n' | grep -v '^func-main-' || true)
[ -n "$others" ] || exit 0
group=$(azd env get-value AZURE_RESOURCE_GROUP)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet publish Notify.Functions -c Release -o "$folder/app"
(cd "$folder/app" && zip -qr ../app.zip .)
for app in $others; do
  echo "Deploying $app"
  az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$folder/app.zip"
done
