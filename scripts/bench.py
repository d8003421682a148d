#!/usr/bin/env python3
"""Measures the benchmark contract in rounds, beside peers, and writes the tables of a page.

Every round measures each contestant once, one right after another, so that a ratio is formed under one load; the table
shows the median over the rounds. Times are processor time, save those over several cores, which are wall time.
"""
import argparse, json, os, platform, random, re, statistics, subprocess, tempfile

CONTRACT = "Contracts/benchmarks/claim.remit"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def own_claims(path, count=1000):
    """Claims of our own making, for a machine without the peers' kit."""
    chance = random.Random(7)
    money = lambda cents: f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
    with open(path, "w") as out:
        for index in range(count):
            lines = []
            for line in range(5):
                category = chance.choice(["drugA", "drugB", "service", "device", "excluded"])
                lines.append({
                    "code": f"{category[0].upper()}{chance.randint(100, 999)}{line}", "category": category,
                    "qty": 1 if category == "device" else chance.randint(1, 12),
                    "unitPrice": money(chance.randint(150, 900_000)), "preauth": chance.random() < 0.5})
            day = chance.randint(1, 20)
            claim = {
                "id": f"C{index:06d}", "patient": "P1", "provider": "H1", "facilityTier": chance.randint(1, 3),
                "admissionDate": f"2025-03-{day:02d}", "dischargeDate": f"2025-03-{day + 4:02d}",
                "coverage": {"planType": chance.choice(["employee", "resident"]), "active": chance.random() > 0.04,
                             "deductibleRemaining": "400.00", "annualCapRemaining": "30000.00"},
                "diagnosis": "I10", "lines": lines}
            out.write(json.dumps(claim, separators=(",", ":")) + "\n")


def peer_claims(peers, path):
    with open(os.path.join(peers, "build", "claims.json")) as file:
        claims = json.load(file)
    with open(path, "w") as out:
        for claim in claims:
            out.write(json.dumps(claim, separators=(",", ":")) + "\n")


def wrong_verdicts(remit, peers, claims):
    """How many decisions differ from the kit's exact oracle."""
    with open(os.path.join(peers, "build", "expected.json")) as file:
        expected = json.load(file)
    text = subprocess.run([remit, "evaluate", CONTRACT, "--input", claims, "--quiet"], capture_output=True, text=True)
    wrong = 0
    decided = [json.loads(line) for line in text.stdout.splitlines()]
    for index, want in enumerate(expected):
        got = decided[index] if index < len(decided) else {}
        cents = int(round(float(got.get("fields", {}).get("paid", "nan").replace("nan", "-1")) * 100))
        reasons = sorted(finding["text"] for finding in got.get("findings", []))
        wrong += [got.get("state"), cents, reasons] != want
    return wrong, len(expected)


def remit_times(remit, claims):
    run = subprocess.run(
        [remit, "measure", CONTRACT, "--input", claims, "--rounds", "1"], capture_output=True, text=True, check=True)
    return {name: float(value) for name, value in re.findall(r"^(\S+) (\d+) ns", run.stdout, re.M)}


def peer_commands(peers):
    build, w1 = os.path.join(peers, "build"), os.path.join(peers, "w1")
    cents = os.path.join(build, "claims_cents.jsonl")
    commands = {
        "C gcc -O2": ([os.path.join(build, "ref_gcc"), cents, "bench"],
                      {"struct": "C gcc -O2, in memory", "json": "C gcc -O2, JSON in and out"}),
        "Swift": ([os.path.join(build, "ref_swift"), cents, "bench"],
                  {"int": "Swift -O, reasons as [String], in memory", "json": "Swift, JSONDecoder in, text out"}),
        "LuaJIT": (["luajit", "-joff", os.path.join(w1, "ref.lua"), build, "hook"],
                   {"int": "LuaJIT interpreter with a step hook, in memory"}),
        "Lua": (["lua5.4", os.path.join(w1, "ref.lua"), build, "hook"],
                {"int": "Lua 5.4 with a step hook, in memory"}),
        "node": (["node", os.path.join(w1, "ref.js"), cents, "bench"],
                 {"int": "node (JIT), in memory", "json": "node, JSON in and out"}),
    }
    return commands


def python_peer(peers, name):
    """A peer of the kit that runs inside Python; empty where it is not installed."""
    venv = os.path.join(peers, "venv", "bin", "python")
    python = venv if os.path.exists(venv) else "python3"
    run = subprocess.run(
        [python, os.path.join(peers, "w1", "embedded.py"), name], capture_output=True, text=True,
        env={**os.environ, "PEER_SAMPLES": "3"})
    times = {}
    for line in run.stdout.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if record.get("us") and not record.get("wrong"):
            times[record["peer"] + ", " + record["feed"]] = record["us"] * 1000
    return times


def peer_times(peers):
    times = {}
    for command, names in peer_commands(peers).values():
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        for line in run.stdout.splitlines():
            key, value = line.split()
            if key in names:
                times[names[key]] = float(value)
    for name in ("datalogic",):
        times.update(python_peer(peers, name))
    return times


def table(rounds, wrong):
    median = lambda name: statistics.median([r[name] for r in rounds if name in r])
    ratio = lambda one, other: statistics.median([r[one] / r[other] for r in rounds if one in r and other in r])
    lines = ["| measurement | ns a decision |", "|---|---|"]
    names = {"resident": "claim in the machine's words", "unmetered": "the same, without charging steps",
             "recorded": "the same, leaving a trail for the trace", "told": "the same, with the trace told as data",
             "json": "JSON in, JSON out, one core", "batch-1": "batch of lines, one core, wall time",
             "batch-2": "batch of lines, two cores, wall time"}
    for name, words in names.items():
        if not any(name in r for r in rounds):
            continue
        lines.append(f"| {words} | {median(name):,.0f} |")
    lines += ["", "| ratio | median |", "|---|---|"]
    lines.append(f"| charging steps, over the same loop without | {ratio('resident', 'unmetered'):.2f} |")
    lines.append(f"| leaving a trail, over the same decision without | {ratio('recorded', 'resident'):.2f} |")
    lines.append(f"| telling the trace as data as well, over the decision alone | {ratio('told', 'resident'):.1f} |")
    if any("batch-2" in r for r in rounds):
        lines.append(f"| two cores, times as fast as one | {ratio('batch-1', 'batch-2'):.2f} |")
    peers = sorted({name for r in rounds for name in r} - set(names))
    if peers:
        lines += ["", "| peer | ns a decision | Remit over peer |", "|---|---|---|"]
        for name in peers:
            mine = "resident" if name.endswith("in memory") or name.endswith("resident") else "json"
            lines.append(f"| {name} | {median(name):,.0f} | {ratio(mine, name):.2f} |")
    if wrong is not None:
        lines += ["", f"Verdicts that differ from the exact oracle: {wrong[0]} of {wrong[1]}."]
    return "\n".join(lines)


def put_in_page(path, begin, end, text):
    """Replaces what stands between two marks of a page; an empty path names none."""
    if not path:
        return
    with open(path) as file:
        before, rest = file.read().split(begin)
    with open(path, "w") as file:
        file.write(f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("remit", "peers", "page"):
        parser.add_argument("--" + name, default="")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        claims = os.path.join(folder, "claims.ndjson")
        if options.peers:
            peer_claims(options.peers, claims)
        else:
            own_claims(claims)
        rounds = []
        for number in range(options.rounds):
            times = remit_times(options.remit, claims)
            if options.peers:
                times.update(peer_times(options.peers))
            rounds.append(times)
            print(f"round {number + 1} of {options.rounds} is done", flush=True)
        wrong = wrong_verdicts(options.remit, options.peers, claims) if options.peers else None
    text = table(rounds, wrong)
    print(text)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    measured = f"Measured on {machine}; medians over {len(rounds)} interleaved rounds.\n\n{text}"
    put_in_page(options.page, BEGIN, END, measured)


if __name__ == "__main__":
    main()
