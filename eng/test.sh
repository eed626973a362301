#!/usr/bin/env bash
# Builds everything, checks it and runs every test, from a clean clone: ends with "N passed, N failed", and with 0 only where
# nothing failed, warned or was skipped.
#
#   eng/test.sh          the long tests with some of their cases: docs/testing.md
#   eng/test.sh --full   all their cases (NOTIFY_TEST_FULL=1)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# A test that needs a real Redis, Azurite or Kafka broker fails where it has none, instead of being skipped.
export NOTIFY_REQUIRE_BACKENDS=1

hang_limit=15m
for argument in "$@"; do
  case "$argument" in
    --full)
      export NOTIFY_TEST_FULL=1
      hang_limit=40m
      ;;
    *)
      echo "usage: eng/test.sh [--full]" >&2
      exit 2
      ;;
  esac
done

step() { printf '\n== %s\n' "$*"; }
stop() { printf '\neng/test.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

install_tools() {
  has dotnet || stop "Install the .NET SDK 10.0 first."
  local missing=()
  has redis-server || missing+=(redis-server)
  has node || missing+=(nodejs)
  has npm || missing+=(npm)
  has curl || missing+=(curl)
  if ((${#missing[@]})); then
    has apt-get || stop "Install Redis and Node.js (macOS: brew install redis node; Windows: run this in WSL), then run it again."
    local root=()
    ((EUID == 0)) || root=(sudo)
    step "Installing ${missing[*]}"
    "${root[@]}" apt-get update -q
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
  fi
  # npm leaves its own copy of the lock file: older than ours means installed for another one.
  if [[ ! eng/azurite/node_modules/.package-lock.json -nt eng/azurite/package-lock.json ]]; then
    step "Installing Azurite"
    npm ci --prefix eng/azurite --no-progress
  fi
}

# Beside the tests. The build has refused what the analyzers and the style rules say; a full run lets the formatter ask them once more, which takes it minutes.
start_format_check() {
  local what=(whitespace)
  [[ "${NOTIFY_TEST_FULL:-}" != 1 ]] || what=()
  format_log=$(mktemp)
  nice -n 19 dotnet format "${what[@]}" --no-restore --verify-no-changes >"$format_log" 2>&1 &
  format_job=$!
}

end_format_check() {
  local status=0
  wait "$format_job" || status=$?
  ((status == 0)) || cat "$format_log"
  rm -f "$format_log"
  ((status == 0)) || stop "dotnet format mends this."
}

run_tests() {
  local results status=0
  results=$(mktemp -d)
  dotnet test --no-build -p:AllTests=true --results-directory "$results" --logger trx \
    --blame-hang-timeout "$hang_limit" --blame-hang-dump-type none || status=$?

  local counters total passed failed skipped
  counters=$(find "$results" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} +) || stop "The tests left no results."
  tally() { grep -o " $1=\"[0-9]*\"" <<<"$counters" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
  total=$(tally total) passed=$(tally passed)
  failed=$(($(tally failed) + $(tally error) + $(tally timeout) + $(tally aborted)))
  skipped=$((total - passed - failed))
  printf '\nThe slowest:\n'
  find "$results" -name '*.trx' -exec sed -nE 's/.*<UnitTestResult .*testName="([^"]*)" .*duration="([^"]*)".*/\2  \1/p' {} + | sort -r | head -20
  [[ -z "${NOTIFY_TEST_RESULTS:-}" ]] || { mkdir -p "$NOTIFY_TEST_RESULTS" && cp -r "$results/." "$NOTIFY_TEST_RESULTS"; }
  rm -rf "$results"

  ((skipped == 0)) || printf '\n%s\n' "A skipped test counts as a failure: it was not run."
  ((status == 0 || failed)) || printf '\n%s\n' "dotnet test ended with $status."
  printf '\n%d passed, %d failed%s\n' "$passed" "$failed" "$( ((skipped == 0)) || echo ", $skipped skipped")"
  ((status == 0 && failed == 0 && skipped == 0 && passed > 0))
}

install_tools

step "Restoring"
dotnet restore

step "Building"
# Warnings are errors here, but for what another day's advisories and feeds may say.
dotnet build --no-restore -warnaserror "-warnnotaserror:NU1900;NU1901;NU1902;NU1903;NU1904"

start_format_check
if [[ "${NOTIFY_TEST_FULL:-}" == 1 ]]; then
  step "Testing: the full run"
else
  step "Testing: the short run, in which long tests have some of their cases (docs/testing.md)"
fi
tests=0
run_tests || tests=$?

step "Checking the format"
end_format_check
exit "$tests"
