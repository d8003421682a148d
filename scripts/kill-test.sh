#!/usr/bin/env bash
# Kills a batch again and again (kill -9) and starts it again: every claim is decided once, and the chain verifies.
set -euo pipefail
cd "$(dirname "$0")/.."
claims=${CLAIMS:-400}
rounds=${ROUNDS:-12}
seed=${SEED:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REMIT_DATA="$work/none" REMIT_CLOCK=2026-06-01T00:00:00Z SWIFT_BACKTRACE=enable=no

remit="$(swift build -c release --show-bin-path)/remit"
mkdir "$work/whole" "$work/killed"
"$remit" demo --folder "$work/whole" --claims "$claims" --seed "$seed" --quiet >/dev/null
# The second ledger is set up the same way and given nothing yet.
"$remit" demo --folder "$work/killed" --claims "$claims" --seed "$seed" --quiet --prepare-only >/dev/null
batch=("$remit" adjudicate "$work/killed/sample/claims.ndjson" --ledger "$work/killed/ledger"
    --contract InsuranceClaim --mapping Contracts/mappings/fhir-r4-insurance-claim.json
    --as clearing-house --block 10 --quiet)

RANDOM=$seed
for round in $(seq "$rounds"); do
    "${batch[@]}" >/dev/null 2>&1 &
    process=$!
    sleep "0.0$((RANDOM % 90 + 10))"
    kill -9 "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    "$remit" verify --quiet --ledger "$work/killed/ledger" >/dev/null
done
"${batch[@]}" >/dev/null || [ $? -eq 1 ]
"$remit" verify --replay --quiet --ledger "$work/killed/ledger" >/dev/null

count() { "$remit" cases --json --quiet --limit 1000000 --ledger "$1" | grep -o '"reference":"[^"]*"' | wc -l; }
whole=$(count "$work/whole/ledger")
killed=$(count "$work/killed/ledger")
echo "seed $seed, $rounds kills: $killed cases, without kills $whole"
[ "$whole" -gt 0 ] && [ "$whole" -eq "$killed" ]
