#!/usr/bin/env python3
"""Measures what replaying recorded claims takes, beside what peers take to decide them once; and the memory of it.

A ledger of the benchmark contract is made with CLAIMS claims (and one with a tenth of them), the claims of the peers'
kit again and again. Each round then measures one right after another: the chain verified, the chain verified with every
claim executed again, the claims decided again under the same policy by a backtest, and the peers. Times are processor
time of all cores, for one claim; what executing takes is the difference of the first two.
"""
import argparse, os, statistics, subprocess, tempfile

import bench

CONTRACT = "Contracts/benchmarks/claim.remit"
BEGIN, END = "<!-- replay: begin -->", "<!-- replay: end -->"


def run(command):
    """Processor time in ns and the greatest resident size in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {message.decode()}")
    return (usage.ru_utime + usage.ru_stime) * 1e9, usage.ru_maxrss / 1024


def measure(remit, ledger, count):
    times, memory = {}, {}
    commands = {
        "verify": ["verify", "--quiet"], "verify --replay": ["verify", "--replay", "--quiet"],
        "backtest": ["backtest", "--with", CONTRACT, "--quiet"]}
    for name, words in commands.items():
        spent, memory[name] = run([remit] + words + ["--ledger", ledger])
        times[name] = spent / count
    times["executing alone"] = times["verify --replay"] - times["verify"]
    return times, memory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remit", default=".build/release/remit")
    parser.add_argument("--peers", default=os.environ.get("REMIT_PEERS", ""))
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("FOLDER")) as folder:
        lines = os.path.join(folder, "claims.ndjson")
        bench.peer_claims(options.peers, lines) if options.peers else bench.own_claims(lines)
        for name, count in (("short", options.claims // 10), ("long", options.claims)):
            run([options.remit, "bench-chain", os.path.join(folder, name), "--blocks", str(count // 100), "--size", "100",
                 "--contract", CONTRACT, "--claims", lines, "--quiet"])
            print(f"the {name} chain of {count:,} claims is made", flush=True)
        rounds = []
        for number in range(options.rounds):
            times, large = measure(options.remit, os.path.join(folder, "long"), options.claims)
            peers = bench.peer_times(options.peers) if options.peers else {}
            rounds.append((times, peers, large))
            print(f"round {number + 1} of {options.rounds} is done: {times} {peers}", flush=True)
        _, small = measure(options.remit, os.path.join(folder, "short"), options.claims // 10)
    median = lambda part, name: statistics.median([r[part][name] for r in rounds if name in r[part]])
    words = {"verify": "chain verified: signatures, roots, rows", "verify --replay": "verified, and every claim executed again",
             "executing alone": "the difference: executing again", "backtest": "decided again by a backtest"}
    text = [f"A chain of {options.claims:,} claims in blocks of 100; medians over {len(rounds)} rounds.", "",
            "| replay | µs a claim | MiB | MiB at a tenth of the claims |", "|---|---|---|---|"]
    for name, word in words.items():
        sizes = [f"{max(r[2][name] for r in rounds):,.0f}", f"{small[name]:,.0f}"] if name in small else ["", ""]
        text.append(f"| {word} | {median(0, name) / 1000:,.1f} | {sizes[0]} | {sizes[1]} |")
    names = sorted({name for r in rounds for name in r[1]}, key=lambda name: median(1, name))
    if names:
        text += ["", "| peer, deciding once | µs a claim | executing again over it |", "|---|---|---|"]
        for name in names:
            ratio = statistics.median([r[0]["executing alone"] / r[1][name] for r in rounds if name in r[1]])
            text.append(f"| {name} | {median(1, name) / 1000:,.2f} | {ratio:,.2f} |")
    text = "\n".join(text)
    print(text)
    bench.put_in_page(options.page, BEGIN, END, text)


if __name__ == "__main__":
    main()
