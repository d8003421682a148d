#!/usr/bin/env bash
# Builds Remit and runs its main job, each time in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p demo
number=1
while ! mkdir "demo/$number" 2>/dev/null; do number=$((number + 1)); done
folder="demo/$number"

echo "building (the first time takes a few minutes)"
log="$folder/build.log"
if ! swift build -c release -j "${JOBS:-2}" --product remit >"$log" 2>&1; then
    cat "$log" >&2
    echo "error: the build failed; the log is in $log" >&2
    exit 1
fi
exec "$(swift build -c release --show-bin-path)/remit" demo --folder "$folder"
