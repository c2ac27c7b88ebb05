#!/usr/bin/env python3
"""Fuzzes the parsers with libFuzzer, each for a while, and prints what came of it.

    fuzz.py --fuzzer FILE --work DIR [--seconds N] [--jobs N] [TARGET...]

Each target starts from its cases in Tests/FuzzCases and from what it has learnt before, which stays in DIR/corpus.
Inputs that break something are left in DIR/crashes; put them into Tests/FuzzCases/TARGET when the defect is mended, and
`make test` replays them for ever. Only the standard library is used. Exits with 1 if anything broke.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "FuzzCases")
# Beyond these an input is a defect too: seconds for one input, megabytes for the process.
TIME_LIMIT, MEMORY_LIMIT, SIZE_LIMIT = 10, 2048, 16384


class Outcome:
    """What libFuzzer says of one target."""

    def __init__(self, target, status, log, crashes):
        self.target, self.status, self.crashes = target, status, crashes
        executed = re.findall(r"^stat::number_of_executed_units:\s*(\d+)", log, re.M)
        progress = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)/", log)
        self.executions = int(executed[-1]) if executed else 0
        self.edges, self.features, self.inputs = (int(number) for number in progress[-1]) if progress else (0, 0, 0)
        self.reason = next((line for line in log.splitlines() if "Fatal error" in line or "ERROR:" in line), "")

    @property
    def is_good(self):
        return self.status == 0 and not self.crashes

    def row(self):
        text = f"{self.target:<18} {self.executions:>12,} {self.edges:>8} {self.features:>9} {self.inputs:>7}"
        return text + f" {len(self.crashes):>8}" + ("" if self.is_good else f"  {self.reason or f'status {self.status}'}")


def fuzz(target, options):
    corpus, crashes, logs = (os.path.join(options.work, name) for name in ("corpus", "crashes", "logs"))
    for directory in (os.path.join(corpus, target), crashes, logs):
        os.makedirs(directory, exist_ok=True)
    known = set(os.listdir(crashes))
    command = [
        options.fuzzer, os.path.join(corpus, target), os.path.join(CASES, target),
        f"-max_total_time={options.seconds}", f"-timeout={TIME_LIMIT}", f"-rss_limit_mb={MEMORY_LIMIT}",
        f"-max_len={SIZE_LIMIT}", f"-artifact_prefix={crashes}/{target}-", "-print_final_stats=1",
    ]  # fmt: skip
    # Swift's own backtraces would come before libFuzzer, which then couldn't keep the input.
    environment = dict(os.environ, CAISSON_FUZZ_TARGET=target, SWIFT_BACKTRACE="enable=no")
    log = os.path.join(logs, target)
    with open(log, "wb") as output:
        status = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ).returncode
    with open(log, encoding="utf-8", errors="replace") as file:
        found = sorted(name for name in set(os.listdir(crashes)) - known if name.startswith(target + "-"))
        return Outcome(target, status, file.read(), found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fuzzer", required=True, help="the executable caisson-fuzz")
    parser.add_argument("--work", required=True, help="where corpora, logs and crashes are kept")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (default: 60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many run at a time (default: all cores)")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all of them")
    options = parser.parse_args()

    names = subprocess.run([options.fuzzer], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    unknown = set(options.targets) - set(names)
    if unknown:
        sys.exit(f"fuzz: no such target: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    print(f"{'target':<18} {'executions':>12} {'edges':>8} {'features':>9} {'corpus':>7} {'crashes':>8}", flush=True)
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(lambda name: fuzz(name, options), options.targets or names):
            print(outcome.row(), flush=True)
            outcomes.append(outcome)
    broken = [outcome for outcome in outcomes if not outcome.is_good]
    executions = sum(outcome.executions for outcome in outcomes)
    print(f"\n{executions:,} executions, {len(broken)} of {len(outcomes)} targets broken")
    for outcome in broken:
        for name in outcome.crashes:
            print(f"  {os.path.join(options.work, 'crashes', name)}")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
