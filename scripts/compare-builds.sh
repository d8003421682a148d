#!/usr/bin/env bash
# The same work in a debug and a release build, in several processes, languages and time zones, gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REMIT_DATA="$work/none"

settings=("C UTC" "tr_TR.UTF-8 Asia/Kathmandu" "zh_CN.UTF-8 Asia/Shanghai" "de_DE.UTF-8 America/St_Johns")
lines=()
for configuration in debug release; do
    swift build -c "$configuration" -j "${JOBS:-2}" --product remit >"$work/build.log" 2>&1 || {
        cat "$work/build.log"
        exit 1
    }
    remit="$(swift build -c "$configuration" --show-bin-path)/remit"
    for setting in "${settings[@]}"; do
        read -r language zone <<<"$setting"
        export LANG=$language LC_ALL=$language TZ=$zone
        folder="$work/$configuration-$language"
        mkdir "$folder"
        "$remit" demo --folder "$folder" --claims 200 --quiet >/dev/null
        head=$("$remit" verify --replay --json --quiet --ledger "$folder/ledger" | grep -o '"head":"[0-9a-f]*"')
        scenarios=$("$remit" test Contracts/*.remit --coverage --json | sha256sum | cut -c1-16)
        pages=$(for contract in Contracts/*.remit; do
            "$remit" print "$contract" --format html --language zh || exit
        done | sha256sum | cut -c1-16)
        lines+=("$head scenarios $scenarios pages $pages")
        echo "$configuration $setting: ${lines[-1]}"
    done
done
for line in "${lines[@]}"; do
    [ "$line" = "${lines[0]}" ] || {
        echo "error: the runs above are not equal" >&2
        exit 1
    }
done
echo "equal in ${#lines[@]} runs"
