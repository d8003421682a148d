#!/usr/bin/env bash
# Loses power at every write and sync of many seeded runs (a million states unless STATES says otherwise), and goes on
# where it was stopped: each finished piece is a line of the results file.
set -euo pipefail
cd "$(dirname "$0")/.."
states=${STATES:-1000000}
piece=${PIECE:-20000}
results=${RESULTS:-.build/crash-states.txt}
configuration=${CONFIGURATION:-debug}

export SWIFT_BACKTRACE=enable=no
swift build -c "$configuration" -j "${JOBS:-2}" --build-tests -Xswiftc -enable-testing >/dev/null
touch "$results"
while :; do
    done=$(awk '{ sum += $2 } END { print sum + 0 }' "$results")
    [ "$done" -lt "$states" ] || break
    # Every piece begins with seeds that no other piece reaches: a run of 30 blocks gives over a thousand states.
    seed=$((1 + $(wc -l <"$results") * (piece / 500)))
    output=$(REMIT_CRASH_STATES=$piece REMIT_CRASH_SEED=$seed swift test -c "$configuration" --skip-build \
        -Xswiftc -enable-testing --filter 'PowerLossTests/everyPoint' 2>&1) || {
        echo "$output" >&2
        echo "error: seed $seed failed; the results so far are in $results" >&2
        exit 1
    }
    line=$(grep '^power loss:' <<<"$output")
    echo "states $piece seed $seed ${line#power loss: }" >>"$results"
    echo "$((done + piece)) of $states: $line"
done
echo "power loss: $(awk '{ sum += $2 } END { print sum + 0 }' "$results") states, no acknowledged block lost, no damage undetected"
