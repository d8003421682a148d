#!/usr/bin/env python3
"""Registers of different sizes: what loading takes, what a look-up takes, and how much memory.

Usage: scripts/bench-registers.py [ROWS …]        (1000 and 1000000 if left out)
REMIT names the program (else .build/release/remit), FOLDER the folder on the disk to measure.

Look-ups are those of one action that goes sixty times through 10,000 keys; what the same action takes with one key,
opening the ledger included, is taken off. Of three runs each the quickest counts.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(os.environ.get("REMIT", ".build/release/remit"))
RUNS = 3
ROUNDS = 60
CONTRACT = """contract Prices version 1
  title "Prices"

role Clerk

register Price by code: Text(16) kept by Clerk {
  amount : CNY
  from   : Date
  tier   : Integer
}

case {
  codes : list of Text(16) (10_000)
  total : Integer starts 0
}

final state added

action add(rounds: list of Integer (60)) opens added by Clerk enters codes {
  for round in rounds {
    for code in codes {
      let row = Price[code]  else "P-1" "{code} has no price"
      add row.tier to total
    }
  }
}
"""


def run(arguments, folder, ledger):
    """Runs a command; gives seconds and the greatest resident size in MiB."""
    environment = dict(os.environ, REMIT_LEDGER=ledger)
    began = time.monotonic()
    process = subprocess.Popen(
        [PROGRAM] + arguments, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"remit {' '.join(arguments)} failed: {message.decode()}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def measure(rows, folder):
    ledger = os.path.join(folder, f"ledger-{rows}")
    with open(os.path.join(folder, "prices.remit"), "w") as file:
        file.write(CONTRACT)
    table = os.path.join(folder, f"{rows}.csv")
    with open(table, "w") as file:
        file.write("code,amount,from,tier\n")
        for row in range(rows):
            file.write(f"C{row * 7919 % rows:09d},{row % 9000}.50,2026-01-01,{row % 5}\n")
    run(["init", "--organisation", "office", "--administrator", "ann", "--unsafe-demo-keys"], folder, ledger)
    run(["deploy", "prices.remit"], folder, ledger)
    run(["grant", "ann", "Clerk"], folder, ledger)
    load, memory = run(["load", "Prices", "Price", table], folder, ledger)
    few, many, open_memory = [], [], 0
    for turn in range(RUNS):
        for count, times in ((1, few), (10_000, many)):
            codes = [f"C{(turn * 104729 + place * 15485863) % rows:09d}" for place in range(count)]
            name = os.path.join(folder, "form.json")
            with open(name, "w") as file:
                json.dump({"codes": codes, "rounds": [1] if count == 1 else list(range(ROUNDS))}, file)
            seconds, size = run(["submit", "Prices", "add", "--input", name], folder, ledger)
            times.append(seconds)
            open_memory = max(open_memory, size)
    look_up = (min(many) - min(few)) / (ROUNDS * 10_000) * 1e6
    size = os.path.getsize(os.path.join(ledger, "chain.sqlite")) / (1 << 20)
    print(
        f"| {rows:,} | {load:.1f} s | {load / rows * 1e6:.0f} µs | {memory:.0f} MiB | {size:.0f} MiB "
        f"| {min(few):.1f} s | {look_up:.1f} µs | {open_memory:.0f} MiB |", flush=True)


def main():
    counts = [int(text) for text in sys.argv[1:]] or [1_000, 1_000_000]
    print("| rows | loading | a row | memory | file | opening, one look-up | a look-up | memory |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(dir=os.environ.get("FOLDER")) as folder:
        for rows in counts:
            measure(rows, folder)


main()
