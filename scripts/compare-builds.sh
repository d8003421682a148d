#!/usr/bin/env bash
# The same work in a debug and a release build, in two processes, gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REMIT_DATA="$work/none"

heads=()
for configuration in debug release; do
    swift build -c "$configuration" -j "${JOBS:-2}" --product remit >"$work/build.log" 2>&1 || {
        cat "$work/build.log"
        exit 1
    }
    remit="$(swift build -c "$configuration" --show-bin-path)/remit"
    mkdir "$work/$configuration"
    "$remit" demo --folder "$work/$configuration" --claims 200 --quiet >/dev/null
    heads+=("$("$remit" verify --replay --json --quiet --ledger "$work/$configuration/ledger" | grep -o '"head":"[0-9a-f]*"')")
done
echo "debug   ${heads[0]}"
echo "release ${heads[1]}"
[ -n "${heads[0]}" ] && [ "${heads[0]}" = "${heads[1]}" ]
