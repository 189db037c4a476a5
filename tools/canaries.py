#!/usr/bin/env python3
"""How surely a try finds each canary: what harness/nightly/canaries.cpp states as its rate must lie below.

Each canary is looked for as `mapquake fuzz` does, once per seed. The table has the share that was found, its lower bound (Clopper and Pearson,
99.9%, one-sided) and the median and maximum of executions until then. Exit code 1: a stated rate is above the bound.
"""
import argparse
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
STATED = re.compile(r'Canary\{"(\w+)", "([\w-]+)", Hazard::(\w+), (\d+), ([\d.]+)\}')


def upper_tail(found, tries, rate):
    """P(X >= found)."""
    return sum(math.comb(tries, k) * rate**k * (1 - rate) ** (tries - k) for k in range(found, tries + 1))


def lower_bound(found, tries, doubt=0.001):
    """The greatest rate at which so many finds would be a surprise."""
    low, high = 0.0, found / tries if tries else 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if upper_tail(found, tries, middle) < doubt else (low, middle)
    return low


def attempt(mapquake, plugin, canary, seed, store):
    """Executions until it was found; None where it was not."""
    name, scenario, hazard, executions, _ = canary
    command = [mapquake, "run", "--plugin", plugin, "--map", name, "--scenario", scenario, "--only", hazard.replace("_", "-"),
               "--executions", executions, "--jobs", "1", "--stop-at-first", "--seed", str(seed), "--json", "--store", store]
    summary = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    return min((failure["executions_to_failure"] for failure in summary["failures"]), default=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    good = True
    print(f"{'canary':<34} {'found':>9} {'at least':>9} {'stated':>7}  executions med/max")
    with tempfile.TemporaryDirectory() as store:
        for canary in STATED.findall((ROOT / "harness/nightly/canaries.cpp").read_text()):
            plugin = build / "adapters" / (canary[0].removeprefix("buggy_") + ".so")
            got = [attempt(str(build / "mapquake"), str(plugin), canary, seed, store) for seed in range(1, arguments.seeds + 1)]
            found = [executions for executions in got if executions is not None]
            bound = lower_bound(len(found), len(got))
            spread = f"{statistics.median(found):,.0f} / {max(found):,}" if found else "-"
            fits = float(canary[4]) <= bound
            good = good and fits
            print(f"{canary[0]:<34} {len(found):>4}/{len(got):<4} {bound:>9.3f} {canary[4]:>7}  {spread}" +
                  ("" if fits else "  STATED TOO HIGH"), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
