#!/usr/bin/env python3
"""Measures what checking takes as one types: a contract of 2,000 lines, and a decision table of 10,000 rows.

Usage: scripts/bench-check.py [--remit PROGRAM] [--rounds N] [--page Docs/performance.md]

Both are made here. The program checks each of them ROUNDS times in one process and tells the medians by its own clock,
so that starting it is not measured. `types` is reading and checking, `analysis` the search for gaps and overlaps.
"""
import argparse, os, re, subprocess, tempfile

import bench

BEGIN, END = "<!-- checked: begin -->", "<!-- checked: end -->"
HEAD = """contract Made version 1
  title    "A contract of our own making"
  timezone +08:00

role Clerk, Officer, Head, Cashier

enum Kind { plain, urgent, planned }

record Line {
  code   : Text(16)
  amount : CNY
  count  : Integer
}

fund Pool in CNY kept by Head

register Item by code: Text(16) kept by Clerk {
  price  : CNY
  until  : Date
  spent  : CNY starts 0 CNY
}

case about patient {
  patient : private Text(40)
  opener  : Person
  payee   : Party
  kind    : Kind
  day     : Date
  lines   : list of Line (100)
  total   : CNY starts 0 CNY
}

state asked
final state paid, dropped

action ask opens asked by Clerk enters patient, payee, kind, day, lines {
  require day <= today else "M-1" "The day lies ahead"
  set opener to actor
  become asked
}

approval consent
  in     asked
  needs  1 of Officer and 1 of Head
  except opener, payee
  within 48 hours
{
  granted  { become agreed }
  declined { become dropped }
  overdue  { become dropped }
}

action pay in agreed by Cashier except opener, payee, signers of consent {
  pay total from Pool to payee
  become paid
}

after 30 days in agreed { become dropped }
"""
PART = """
table rate{n}(kind: Kind, amount: CNY) gives share: Decimal per "Rules {n}" {{
  | kind             | amount        || share |
  | plain            | <= 100 CNY    || 80%   |
  | plain            | > 100 CNY     || 70%   |
  | urgent, planned  | <= 1_000 CNY  || 60%   |
  | urgent           | > 1_000 CNY   || 50%   |
  | planned          | > 1_000 CNY   || 40%   |
}}

function part{n}(line: Line) gives CNY per "Rules {n}" {{
  let whole = line.amount * line.count
  return whole * rate{n}(kind, whole) rounded half up
}}

checks screening{n} {{
  deny "A-{n}" "Nothing is asked for" when lines is empty                     per "Rules {n}.1"
  pend "B-{n}" "A code stands twice"  when any two of lines share code        per "Rules {n}.2"
  for line in lines {{
    let item = Item[line.code]
    deny "C-{n}" "Not on the list"    when item is absent or item.until < day per "Rules {n}.3"
    deny "D-{n}" "Not above zero"     when line.count <= 0                    per "Rules {n}.4"
  }}
}}

action weigh{n}(least: CNY) in asked, agreed by Officer {{
  run screening{n}
  require least >= 0 CNY else "W-{n}" "The least is not below zero"
  let sum = sum of part{n}(line) for line in lines passing screening{n}
  if sum > least {{
    set total to sum
    notify opener "{{total}} are due"
  }} else {{
    set total to least
  }}
}}

scenario "The least is below zero, {n}" {{
  at 2026-03-02 09:00
  ann does ask(patient: "P", payee: shop, kind: plain, day: 2026-03-01, lines: []) as c
  otto does weigh{n}(least: -1 CNY) on c refused "W-{n}"
  expect c is asked
}}
"""


def contract(lines):
    text = HEAD.replace("state asked\n", "state asked, agreed\n")
    text += "\ngiven ann is Clerk, otto is Officer\ngiven shop is an organisation\n"
    number = 0
    while text.count("\n") < lines:
        number += 1
        text += PART.format(n=number)
    return text


def table(rows):
    """A `unique` table over three columns, whose last row takes what the others leave."""
    text = ["contract Prices version 1", '  title "Prices"', "", "role Clerk", "",
            "enum Kind { plain, urgent, planned, none }", "",
            "table price(kind: Kind, code: Integer, count: Integer) gives each: CNY {",
            "  | kind | code | count || each |"]
    kinds, number = ["plain", "urgent", "planned", "none"], 0
    codes = rows // (2 * len(kinds))
    for kind in kinds:
        for code in range(codes):
            range_ = f"<= {code}" if code == 0 else f"> {code - 1}" if code == codes - 1 else f"{code}"
            for count in ("<= 10", "> 10"):
                number += 1
                text.append(f"  | {kind} | {range_} | {count} || {number} CNY |")
    text += ["}", "", "case {", "  kind  : Kind", "  code  : Integer", "  count : Integer",
             "  due   : CNY starts 0 CNY", "}", "", "final state billed", "",
             "action bill opens billed by Clerk enters kind, code, count { set due to price(kind, code, count) }"]
    return "\n".join(text) + "\n", number


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remit", default=os.environ.get("REMIT", ".build/release/remit"))
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--page", default="")
    options = parser.parse_args()
    written = contract(2000)
    made, rows = table(10_000)
    lines = ["| checked | whole | types | analysis |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for words, text in ((f"a contract of {written.count(chr(10)):,} lines", written),
                            (f"a decision table of {rows:,} rows", made)):
            path = os.path.join(folder, "made.remit")
            with open(path, "w") as file:
                file.write(text)
            run = subprocess.run([options.remit, "measure-check", path, "--rounds", str(options.rounds)],
                                 capture_output=True, text=True)
            if run.returncode:
                raise SystemExit(run.stdout + run.stderr)
            times = {name: float(value) / 1000 for name, value in re.findall(r"^(\S+) (\d+) us", run.stdout, re.M)}
            cells = " | ".join(f"{times[name]:,.1f} ms" for name in ("check", "types", "analysis"))
            lines.append(f"| {words} | {cells} |")
    text = f"Medians of {options.rounds} rounds in one process.\n\n" + "\n".join(lines)
    print(text)
    bench.put_in_page(options.page, BEGIN, END, text)


if __name__ == "__main__":
    main()
