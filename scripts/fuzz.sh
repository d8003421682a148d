#!/usr/bin/env bash
# Fuzzes one part under libFuzzer: scripts/fuzz.sh parser|checker|formatter|machine|kept [SECONDS]
# The corpus is kept in .build-fuzz/corpus/TARGET, so that a second run goes on where the first stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?usage: scripts/fuzz.sh parser|checker|formatter|machine|kept [SECONDS]}
seconds=${2:-1800}
build=.build-fuzz
mkdir -p "$build/corpus/$target" "$build/found"

# The two sanitizers stand in one flag: given apart, the fuzzer runs without coverage.
flags=(-O -swift-version 6 -sanitize=fuzzer,address -parse-as-library -enable-upcoming-feature ExistentialAny
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility
    -I "$build" -module-cache-path "$build/cache")
newest=$(find Sources/RemitValues Sources/RemitLanguage Sources/RemitRuntime Sources/RemitAnalysis Tests/Fuzz \
    -name '*.swift' -printf '%T@\n' | sort -n | tail -1 | cut -d. -f1)
if [ ! -x "$build/fuzz" ] || [ "$(stat -c %Y "$build/fuzz")" -lt "$newest" ]; then
    echo "building the fuzzer (a few minutes)"
    objects=()
    for module in RemitValues RemitLanguage RemitRuntime RemitAnalysis; do
        mapfile -t sources < <(find "Sources/$module" -name '*.swift' | sort)
        swiftc "${flags[@]}" -whole-module-optimization -emit-module -emit-module-path "$build/$module.swiftmodule" \
            -module-name "$module" -emit-object -o "$build/$module.o" "${sources[@]}"
        objects+=("$build/$module.o")
    done
    mapfile -t sources < <(find Tests/Fuzz -name '*.swift' | sort)
    swiftc "${flags[@]}" -whole-module-optimization -module-name Fuzz -o "$build/fuzz" "${sources[@]}" "${objects[@]}"
fi

# Contracts, and the examples of the documents, are what it begins with.
python3 - "$build/corpus/$target" <<'PYTHON' 2>/dev/null || cp Contracts/*.remit "$build/corpus/$target/"
import glob, hashlib, re, sys
texts = [open(path).read() for path in glob.glob("Contracts/*.remit") + glob.glob("Tests/**/*.remit", recursive=True)]
# The cases of the checker without what is said of them; the sentences' cases with the head that they share.
texts += [open(path).read().split("~~~~ ")[0] for path in glob.glob("Tests/RemitLanguageTests/Cases/*.case")]
for path in glob.glob("Tests/RemitRuntimeTests/Sentences/*.cases"):
    head = ""
    for part in open(path).read().split("~~~~ ")[1:]:
        title, body = part.split("\n", 1)
        body = "".join(line for line in body.splitlines(True) if not line.startswith("> "))
        if title == "with":
            head = body
        elif not title.startswith("shown"):
            texts.append(head + body)
for path in glob.glob("Docs/**/*.md", recursive=True):
    texts += re.findall(r"```remit[^\n]*\n(.*?)```", open(path).read(), re.S)
for text in texts:
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    open(f"{sys.argv[1]}/{name}", "w").write(text)
PYTHON
# Kept code is no text: what the corpus begins with is made of these contracts.
if [ "$target" = kept ]; then
    SWIFT_BACKTRACE=enable=no FUZZ_TARGET=seeds FUZZ_FOLDER="$build/corpus/kept" "$build/fuzz" -verbosity=0 \
        "$build/corpus/kept" -runs=0 >/dev/null
fi
words=$build/words
# Every word and sign of the grammar, and the functions that the language brings along.
{
    grep -oE '"[^" ]+"' Grammar/remit.ebnf
    sed -n '/^public enum Builtin/,/^}/p' Sources/RemitLanguage/Check/Program/CheckedExpression.swift \
        | grep -E '^ *case ' | grep -oE '[a-zA-Z]+' | grep -v '^case$' | sed 's/.*/"&"/'
} | sed 's/\\/\\\\/g' | sort -u >"$words"

SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$target "$build/fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -max_len=20000 -dict="$words" -artifact_prefix="$build/found/$target-" -print_final_stats=1 -verbosity=0 -print_funcs=0 \
    -seed="${SEED:-1}" "$build/corpus/$target"
echo "fuzzed $target for $seconds s: nothing found"
