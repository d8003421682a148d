#!/usr/bin/env python3
"""Measures what comparing two versions of a policy takes, the search for an example of every difference with it.

Usage: scripts/bench-compare.py [--remit PROGRAM] [--rounds N] [--page Docs/performance.md]

A contract of 2,000 lines is made here; the others are those of the project. Each is compared with one in which a cell, a
bound, a rounding or several of these are changed. Times are processor times of whole processes, reading both versions
with them.
"""
import argparse, importlib.util, os, resource, statistics, subprocess, tempfile

import bench

BEGIN, END = "<!-- compared: begin -->", "<!-- compared: end -->"
FOLDER = os.path.dirname(os.path.abspath(__file__))
CLAIM = "Contracts/insurance-claim.remit"
CHANGES = [
    ("2,000 lines", "a cell", [("<= 1_000 CNY  || 60%", "<= 1_000 CNY  || 65%", 1)]),
    ("2,000 lines", "a bound of a check", [("line.count <= 0 ", "line.count <= 1 ", 1)]),
    ("2,000 lines", "a cell of every table", [("<= 1_000 CNY  || 60%", "<= 1_000 CNY  || 65%", -1)]),
    (CLAIM, "a cell", [("| tertiary  | resident || 65%", "| tertiary  | resident || 70%", 1)]),
    (CLAIM, "a rounding", [("eligibleShare(item.category) rounded half up",
                            "eligibleShare(item.category) rounded half even", 1)]),
    (CLAIM, "a bound in a function", [("< pause.days\n", "<= pause.days\n", 1)]),
    (CLAIM, "a cell, a share and a term", [("| tertiary  | 1       || 400 CNY |", "| tertiary  | 1       || 500 CNY |", 1),
                                           ("smallest(owed, payable + supplement)",
                                            "smallest(owed, (payable + supplement) / 2 rounded down)", 1),
                                           ("within 30 days", "within 20 days", 1)]),
]


def made(lines):
    spec = importlib.util.spec_from_file_location("bench_check", os.path.join(FOLDER, "bench-check.py"))
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    return check.contract(lines)


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remit", default=os.environ.get("REMIT", ".build/release/remit"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page", default="")
    options = parser.parse_args()
    lines = ["| contract | changed | time | with an example | without |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for name, words, edits in CHANGES:
            text = open(name).read() if os.path.exists(name) else made(2000)
            changed = text
            for old, new, times in edits:
                if old not in changed:
                    raise SystemExit(f"{name} has no {old!r}")
                changed = changed.replace(old, new, times)
            paths = [os.path.join(folder, part + ".remit") for part in ("old", "new")]
            for path, content in zip(paths, (text, changed)):
                with open(path, "w") as file:
                    file.write(content)
            times = []
            for _ in range(options.rounds):
                start = processor_time()
                run = subprocess.run([options.remit, "compare", *paths], capture_output=True, text=True)
                times.append(processor_time() - start)
                if run.returncode > 1 or not run.stdout:
                    raise SystemExit(run.stdout + run.stderr)
            found, missed = run.stdout.count("    for example "), run.stdout.count("without an example")
            label = os.path.basename(name).removesuffix(".remit")
            lines.append(f"| {label} | {words} | {statistics.median(times):.2f} s | {found} | {missed} |")
    text = f"Medians of {options.rounds} rounds.\n\n" + "\n".join(lines)
    print(text)
    bench.put_in_page(options.page, BEGIN, END, text)


if __name__ == "__main__":
    main()
