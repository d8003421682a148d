#!/usr/bin/env bash
# Compares the register machine with the reference evaluator on many random contracts, in pieces that can be resumed.
#
#   scripts/differential.sh [CONTRACTS] [FOLDER]     100,000 contracts, and a folder for the progress
#
# Each piece of 2,000 seeds that agreed leaves a file in the folder; a later run goes on behind the last of them. The
# tests are built in release mode, beside the other builds, as that decides some ten times as many contracts.
set -euo pipefail
cd "$(dirname "$0")/.."
total=${1:-100000}
build=.build-release-tests
folder=${2:-$build/differential}
piece=2000
mkdir -p "$folder"
release=(-c release -Xswiftc -enable-testing --build-path "$build")
${SWIFT:-swift} build -j "${JOBS:-2}" "${release[@]}" --build-tests
seed=1
while [ "$seed" -le "$total" ]; do
  count=$((total - seed + 1 < piece ? total - seed + 1 : piece))
  mark="$folder/$seed-$((seed + count - 1)).agreed"
  if [ ! -e "$mark" ]; then
    log="$folder/$seed.log"
    if REMIT_SUMMARY=1 REMIT_SEED=$seed REMIT_PROGRAMS=$count \
      ${SWIFT:-swift} test "${release[@]}" --skip-build --filter DifferentialTests >"$log" 2>&1; then
      grep '^seeds ' "$log" | tee "$mark"
      rm -f "$log"
    else
      echo "error: the evaluators differ between seeds $seed and $((seed + count - 1)); see $log" >&2
      exit 1
    fi
  fi
  seed=$((seed + count))
done
echo "$total contracts agreed"
