#!/usr/bin/env bash
# Compares the two verifiers on many mutants of an exported chain, of snapshots with tails, of proofs, of what proofs
# disclose and of values.
#
# MUTANTS of each (100,000), from SEED on, BATCH at a time. What is done is kept in mutants-SEED.state in PROGRESS
# (.build-soak), so that a run that was stopped goes on where it was. The last line says what came out.
set -euo pipefail
cd "$(dirname "$0")/.."
mutants=${MUTANTS:-100000}
seed=${SEED:-20260601}
batch=${BATCH:-5000}
swift=${SWIFT:-swift}

command -v python3 >/dev/null || { echo "error: there is no python3 to run the second verifier with" >&2; exit 1; }
$swift build -j "${JOBS:-2}" --build-tests >/dev/null
tests="$($swift build --show-bin-path)/remitPackageTests.xctest"
progress=${PROGRESS:-.build-soak}
mkdir -p "$progress"
state="$progress/mutants-$seed.state"
[ -f "$state" ] || echo 0 >"$state"
done=$(tail -n 1 "$state" | cut -d' ' -f1)
[ "$done" -eq 0 ] || echo "going on after $done mutants"
while [ "$done" -lt "$mutants" ]; do
    size=$((mutants - done < batch ? mutants - done : batch))
    output=$(REMIT_MUTANTS=$size REMIT_SEED=$((seed + done)) \
        "$tests" --testing-library swift-testing --filter AgreementTests 2>&1) || {
        echo "$output" | grep -E "here .* there|mutants" >&2 || echo "$output" | tail -n 20 >&2
        echo "mutants: the verifiers DISAGREE within $size from seed $((seed + done))" >&2
        exit 1
    }
    echo "$output" | grep " mutants, "
    [ "$(echo "$output" | grep -c " 0 disagreements")" -eq 5 ] || {
        echo "error: the comparison did not run: $(echo "$output" | tail -n 3)" >&2
        exit 1
    }
    done=$((done + size))
    echo "$done $(date -u +%Y-%m-%dT%H:%M:%SZ)" >>"$state"
done
echo "mutants: seed $seed, $done each of chains, snapshots, proofs, disclosures and values, 0 disagreements"
