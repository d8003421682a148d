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

swift build -c release -j "${JOBS:-2}" --product remit
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
