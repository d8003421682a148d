#!/usr/bin/env python3
"""Measures how the cost of a decision grows with its work, and writes the tables of a page.

Claims of more lines, registers of more rows, tables of more ranges; and the memory over a million decisions. Each
measurement is the median over rounds in one process, in processor time; the sizes are measured one right after another.
"""
import argparse, json, os, random, re, subprocess, tempfile, threading, time

import bench

CLAIM = "Contracts/benchmarks/claim.remit"
BEGIN, END = "<!-- growth: begin -->", "<!-- growth: end -->"
ROLE = 'role Clerk\n'


def measured(remit, contract, lines, names, rows=()):
    command = [remit, "measure", contract, "--input", lines, "--rounds", "5", "--milliseconds", "60"]
    for name in names:
        command += ["--only", name]
    for row in rows:
        command += ["--register", row]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return {name: float(value) for name, value in re.findall(r"^(\S+) (\d+) ns", run.stdout, re.M)}


def write_lines(path, objects):
    with open(path, "w") as out:
        for item in objects:
            out.write(json.dumps(item, separators=(",", ":")) + "\n")


def claim(chance, number, count):
    lines = [{"code": f"C{number % 1000}-{line}", "category": chance.choice(["drugA", "drugB", "service", "device"]),
              "qty": 1, "unitPrice": f"{chance.randint(1, 900)}.50", "preauth": True} for line in range(count)]
    return {"id": f"C{number}", "patient": "P1", "provider": "H1", "facilityTier": chance.randint(1, 3),
            "admissionDate": "2025-03-01", "dischargeDate": "2025-03-04", "diagnosis": "I10", "lines": lines,
            "coverage": {"planType": "employee", "active": True, "deductibleRemaining": "400.00",
                         "annualCapRemaining": "30000.00"}}


def lines_per_claim(remit, folder):
    result = []
    for count in (1, 5, 20, 50, 100, 200):
        chance = random.Random(3)
        path = os.path.join(folder, "claims.ndjson")
        write_lines(path, [claim(chance, number, count) for number in range(max(20, 2000 // count))])
        times = measured(remit, CLAIM, path, ["resident", "json"])
        result.append((count, times["resident"], times["json"]))
        print("lines", result[-1], flush=True)
    table = ["| lines of a claim | ns in the machine's words | a line | ns from JSON to JSON | a line |", "|---|---|---|---|---|"]
    for count, resident, text in result:
        table.append(f"| {count} | {resident:,.0f} | {resident / count:,.0f} | {text:,.0f} | {text / count:,.0f} |")
    return table


REGISTER = """contract Growth version 1
  title "Growth"
role Clerk
register Price by code: Integer kept by Clerk { price: CNY  kind: Integer }
case { code: Integer  due: CNY starts 0 CNY }
final state done
action look opens done by Clerk enters code {
  let row = Price[code]  else "No such code"
  set due to row.price
}
"""


def register_rows(remit, folder, largest):
    contract = os.path.join(folder, "register.remit")
    with open(contract, "w") as file:
        file.write(REGISTER)
    result = []
    size = 1000
    while size <= largest:
        chance = random.Random(5)
        rows = os.path.join(folder, "rows.csv")
        with open(rows, "w") as out:
            out.write("code,price,kind\n")
            for code in range(size):
                out.write(f"{code * 7},{code % 900 + 1}.50,{code % 5}\n")
        path = os.path.join(folder, "look.ndjson")
        write_lines(path, [{"code": chance.randrange(size) * 7} for _ in range(2000)])
        times = measured(remit, contract, path, ["resident"], [f"Price={rows}"])
        result.append((size, times["resident"]))
        print("register", result[-1], flush=True)
        size *= 10
    return ["| rows of the register | ns a decision with one look-up |", "|---|---|"] + [
        f"| {size:,} | {value:,.0f} |" for size, value in result]


def table_rows(remit, folder):
    result = []
    for size in (10, 100, 1000, 10_000):
        rows = [f"  | < 10            || {1} |"]
        rows += [f"  | {number * 10} to {number * 10 + 9} || {number % 97} |" for number in range(1, size - 1)]
        rows.append(f"  | >= {(size - 1) * 10} || 5 |")
        text = ("contract Growth version 1\n  title \"Growth\"\nrole Clerk\n"
                "table band(points: Integer) gives level: Integer {\n  | points || level |\n" + "\n".join(rows) + "\n}\n"
                "case { points: Integer  level: Integer starts 0 }\nfinal state done\n"
                "action rate opens done by Clerk enters points { set level to band(points) }\n")
        contract = os.path.join(folder, "table.remit")
        with open(contract, "w") as file:
            file.write(text)
        chance = random.Random(5)
        path = os.path.join(folder, "rate.ndjson")
        write_lines(path, [{"points": chance.randrange(size * 10)} for _ in range(2000)])
        times = measured(remit, contract, path, ["resident"])
        result.append((size, times["resident"]))
        print("table", result[-1], flush=True)
    return ["| rows of the table, each a range | ns a decision that reads it |", "|---|---|"] + [
        f"| {size:,} | {value:,.0f} |" for size, value in result]


def memory(remit, folder, decisions):
    """The resident memory of one process while it decides what comes through a pipe."""
    chance = random.Random(3)
    block = "".join(json.dumps(claim(chance, number, 5), separators=(",", ":")) + "\n" for number in range(1000)).encode()
    pipe = os.path.join(folder, "pipe")
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [remit, "evaluate", CLAIM, "--input", pipe, "--jobs", "2", "--quiet"], stdout=subprocess.DEVNULL)
    result = []

    def resident():
        with open(f"/proc/{process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    with open(pipe, "wb") as out:
        for number in range(decisions // 1000):
            out.write(block)
            if (number + 1) * 1000 in (50_000, 200_000, 500_000, decisions):
                result.append(((number + 1) * 1000, resident()))
                print("memory", result[-1], flush=True)
    process.wait()
    return ["| decisions so far, two cores | resident memory, MB |", "|---|---|"] + [
        f"| {count:,} | {value:,.0f} |" for count, value in result]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remit", default=".build/release/remit")
    parser.add_argument("--page", default="")
    parser.add_argument("--largest", type=int, default=1_000_000, help="the most rows of a register")
    parser.add_argument("--decisions", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = [lines_per_claim(options.remit, folder), register_rows(options.remit, folder, options.largest),
                 table_rows(options.remit, folder), memory(options.remit, folder, options.decisions)]
    text = "\n\n".join("\n".join(part) for part in parts)
    print(text)
    bench.put_in_page(options.page, BEGIN, END, text)


if __name__ == "__main__":
    main()
