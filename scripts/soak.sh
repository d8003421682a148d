#!/usr/bin/env bash
# The full counts of the long tests. Each stage leaves its result in .build-soak and is not run twice; remove the file
# of a stage to run it again. What came out is copied by hand into Docs/reliability.md, with the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build-soak

stage() {
    local name=$1
    shift
    local result=".build-soak/$name.txt"
    if [ -e "$result" ]; then
        echo "== $name was run before: $(tail -n 1 "$result")"
        return
    fi
    echo "== $name"
    if "$@" >"$result.unfinished" 2>&1; then
        mv "$result.unfinished" "$result"
        tail -n 1 "$result"
    else
        tail -n 20 "$result.unfinished" >&2
        echo "== $name failed; all of it is in $result.unfinished" >&2
        exit 1
    fi
}

# Runs the tests of a filter; the last line of the result is what they print behind a mark, or how many passed.
tests() {
    local filter=$1 mark=$2 output
    output=$(swift test -j "${JOBS:-2}" --filter "$filter" 2>&1) || {
        echo "$output"
        return 1
    }
    echo "$output"
    grep -E "$mark" <<<"$output" | tail -n 1
}

swift build -c release -j "${JOBS:-2}" --product remit
for fault in 1 2 3; do
    for lasting in 0 1; do
        REMIT_CALL_FAILURES=1 REMIT_CALL_FAULT=$fault REMIT_CALL_LASTING=$lasting \
            stage "calls-$fault-$lasting" tests CallFailureTests '^failing calls:'
    done
done
REMIT_SOAK=1 stage every-byte tests TamperTests '^every byte:'
REMIT_SOAK=1 stage every-byte-of-the-file tests FlippedByteTests '^every byte of the file:'
REMIT_NODE_STATES=5000 stage node-crash-states tests 'RemitNodeTests.PowerLossTests' '^power loss of a node:'
stage crash-states bash scripts/crash.sh
stage kills env ROUNDS=1000 CLAIMS=20000 bash scripts/kill-test.sh
stage rules make mutants
stage builds bash scripts/compare-builds.sh
stage long-chain bash scripts/long-chain.sh
stage ten-million-keys env GROWTH=1 KEYS=7 MEMORY=4096 bash scripts/bench-ledger.sh
stage shuffles env REMIT_ROUNDS=1000 swift test -j "${JOBS:-2}" --filter ShuffleTests
stage differential bash scripts/differential.sh
stage mutants env MUTANTS=100000 bash scripts/mutants.sh
for part in parser checker formatter machine kept; do stage "fuzz-$part" bash scripts/fuzz.sh "$part" 1800; done
echo "all stages passed"
