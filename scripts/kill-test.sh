#!/usr/bin/env bash
# Kills a batch again and again (kill -9) and starts it again: after each kill every decision that was told is on the
# chain in the block that was named, and the chain verifies; in the end every claim is decided once.
set -euo pipefail
cd "$(dirname "$0")/.."
claims=${CLAIMS:-400}
rounds=${ROUNDS:-12}
seed=${SEED:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REMIT_DATA="$work/none" REMIT_CLOCK=2026-06-01T00:00:00Z SWIFT_BACKTRACE=enable=no

remit=${REMIT:-"$(swift build -c release --show-bin-path)/remit"}
mkdir "$work/whole" "$work/killed"
"$remit" demo --folder "$work/whole" --claims "$claims" --seed "$seed" --quiet >/dev/null
# The second ledger is set up the same way and given nothing yet.
"$remit" demo --folder "$work/killed" --claims "$claims" --seed "$seed" --quiet --prepare-only >/dev/null
batch=("$remit" adjudicate "$work/killed/sample/claims.ndjson" --ledger "$work/killed/ledger"
    --contract InsuranceClaim --mapping Contracts/mappings/fhir-r4-insurance-claim.json
    --as clearing-house --block 10 --quiet --decisions "$work/told")

# Compares what was told with the tables of the ledger, from outside; a last line that the kill cut short was not told.
acknowledged() {
    python3 - "$work/told" "$work/killed/ledger/chain.sqlite" <<'PROGRAM'
import json, os, sqlite3, sys

told = {}
if os.path.exists(sys.argv[1]):
    for line in open(sys.argv[1], "rb").read().split(b"\n")[:-1]:
        # A line that a kill cut short has the next run's first line behind it.
        start = line.rfind(b'{"claim"')
        decision = json.loads(line[start:])
        digest = decision["transaction"]
        assert digest not in told, f"{digest} was decided twice"
        told[digest] = decision["height"]
chain = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
kept = dict(chain.execute("SELECT lower(hex(digest)), height FROM tx"))
lost = [digest for digest, height in told.items() if kept.get(digest) != height]
assert not lost, f"{len(lost)} acknowledged transactions are not on the chain, the first {lost[0]}"
print(len(told))
PROGRAM
}

RANDOM=$seed
: >"$work/told"
for round in $(seq "$rounds"); do
    "${batch[@]}" >/dev/null 2>&1 &
    process=$!
    sleep "0.0$((RANDOM % 90 + 10))"
    kill -9 "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    acknowledged >/dev/null
    "$remit" verify --quiet --ledger "$work/killed/ledger" >/dev/null
done
"${batch[@]}" >/dev/null || [ $? -eq 1 ]
"$remit" verify --replay --quiet --ledger "$work/killed/ledger" >/dev/null
told=$(acknowledged)

count() { "$remit" cases --json --quiet --limit 1000000 --ledger "$1" | grep -o '"reference":"[^"]*"' | wc -l; }
whole=$(count "$work/whole/ledger")
killed=$(count "$work/killed/ledger")
echo "seed $seed, $rounds kills: $killed cases, without kills $whole; $told decisions were told, all are on the chain"
[ "$whole" -gt 0 ] && [ "$whole" -eq "$killed" ] && [ "$told" -gt 0 ]
