#!/usr/bin/env bash
# Makes a chain of BLOCKS blocks (100,000) in release mode, and executes all of it again in release and in debug mode:
# the heads must be equal. Prints what memory verification took, over a tenth of the chain and over all of it.
# FOLDER names a folder on the disk to use.
set -euo pipefail
cd "$(dirname "$0")/.."
blocks=${BLOCKS:-100000}
place=${FOLDER:-${TMPDIR:-/var/tmp}}
mkdir -p "$place"
# A folder of our own in it, since it is removed at the end.
folder=$(mktemp -d -p "$place" remit-chain-XXXXXX)
trap 'rm -rf "$folder"' EXIT
export SWIFT_BACKTRACE=enable=no

swift build -c release -j "${JOBS:-2}" --product remit >/dev/null
swift build -j "${JOBS:-2}" --product remit >/dev/null
release="$(swift build -c release --show-bin-path)/remit"
debug="$(swift build --show-bin-path)/remit"

# Runs a command; writes its output to a file and prints the most memory that it took, in MiB.
memory() {
    local output=$1
    shift
    python3 - "$output" "$@" <<'PROGRAM'
import resource, subprocess, sys
with open(sys.argv[1], "wb") as file:
    code = subprocess.run(sys.argv[2:], stdout=file).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(code)
PROGRAM
}

"$release" bench-chain "$folder/short" --blocks $((blocks / 10)) --quiet
"$release" bench-chain "$folder/long" --blocks "$blocks" --quiet
for length in short long; do
    plain=$(memory "$folder/$length.plain" "$release" verify --json --quiet --ledger "$folder/$length")
    again=$(memory "$folder/$length.release" "$release" verify --replay --json --quiet --ledger "$folder/$length")
    echo "$length: verify took $plain MiB, verify --replay $again MiB"
done
"$debug" verify --replay --json --quiet --ledger "$folder/long" >"$folder/long.debug"
cmp "$folder/long.release" "$folder/long.debug"
grep -q '"sound":true' "$folder/long.debug"
echo "long chain: $blocks blocks executed again with the same receipts, in debug and in release"
