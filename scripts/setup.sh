#!/usr/bin/env bash
# Says what is missing, and installs the two system libraries where they are missing.
set -euo pipefail

if ! command -v swift >/dev/null 2>&1; then
    echo "error: there is no Swift toolchain on the PATH" >&2
    echo "hint: install Swift 6.1 or later from https://www.swift.org/install and run this again" >&2
    exit 1
fi

missing=()
[ -e /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev)
[ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "error: missing ${missing[*]}, and there is no apt-get to install them with" >&2
    echo "hint: install the headers of SQLite 3 and zlib by your system's package manager" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "error: missing ${missing[*]}, and neither root nor sudo to install them with" >&2
        echo "hint: ask an administrator to run: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
for attempt in 1 2 3; do
    echo "installing ${missing[*]} (attempt $attempt)"
    if "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; then
        exit 0
    fi
    sleep $((attempt * 5))
done
echo "error: apt-get could not install ${missing[*]}" >&2
exit 1
