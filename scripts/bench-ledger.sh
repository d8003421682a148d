#!/usr/bin/env bash
# Measures the ledger beside a C program that writes the same rows; medians over interleaved rounds.
# FOLDER is on the disk to measure; ROUNDS, TRANSACTIONS and KEYS (a power of ten) say how much. GROWTH=1 measures
# updates and starts alone, and fails where MEMORY, in mebibytes, was not enough.
set -euo pipefail
cd "$(dirname "$0")/.."
place=${FOLDER:-${TMPDIR:-/var/tmp}}
mkdir -p "$place"
# A folder of our own in it, since it is removed at the end.
folder=$(mktemp -d -p "$place" remit-bench-XXXXXX)
trap 'rm -rf "$folder"' EXIT

swift build -c release -j "${JOBS:-2}" --product remit >/dev/null
peer=()
if command -v cc >/dev/null 2>&1; then
    cc -O2 -o "$folder/rows" scripts/bench/rows.c -lsqlite3
    peer=(--peer "$folder/rows")
    # The rebuilding of a root needs SHA-256: OpenSSL's, where its headers are installed.
    if cc -O2 -Wno-deprecated-declarations -o "$folder/trie" scripts/bench/trie.c -lsqlite3 -lcrypto 2>/dev/null; then
        peer+=(--start-peer "$folder/trie")
    fi
fi
[ -n "${GROWTH:-}" ] && peer+=(--growth-only)
[ -n "${MEMORY:-}" ] && peer+=(--memory "$MEMORY")
"$(swift build -c release --show-bin-path)/remit" bench-ledger --folder "$folder/ledgers" "${peer[@]}" \
    --rounds "${ROUNDS:-5}" --transactions "${TRANSACTIONS:-10000}" --keys "${KEYS:-6}"
