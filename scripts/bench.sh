#!/usr/bin/env bash
# Measures decisions of the benchmark contract, beside the peers where they are installed, and writes the tables of
# Docs/performance.md anew. `make bench` builds the release product first.
#
# REMIT_PEERS names the folder of the peers' kit (its `build` must hold what its run.sh builds); without it claims of
# our own making are measured alone. ROUNDS (5) is how often everything is measured, in turn.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 scripts/bench.py --remit "${REMIT:-.build/release/remit}" --peers "${REMIT_PEERS:-}" \
  --rounds "${ROUNDS:-5}" --page Docs/performance.md "$@"
