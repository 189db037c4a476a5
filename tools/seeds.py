#!/usr/bin/env python3
"""How surely, and how fast, each seeded defect is found: every map with an expected failure, once per seed.

A table: how many seeds found what is expected, executions until the first failure, and how often the minimum that the
adapter states was reached. Exit code 1: a seed found nothing, or something else. Names or globs of maps may be given; without any, all are taken.
"""
import argparse
import fnmatch
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def broken_maps(mapquake, patterns):
    listed = json.loads(subprocess.run([mapquake, "list", "--json"], check=True, capture_output=True, text=True).stdout)
    return [entry for entry in listed["maps"]
            if entry["expected_outcomes"] and (not patterns or any(fnmatch.fnmatch(entry["name"], p) for p in patterns))]


def run(mapquake, entry, seed, time, store):
    """The campaign's summary."""
    command = [mapquake, "run", "--map", entry["name"], "--expected", "--seed", str(seed), "--time", time,
               "--jobs", "1", "--json", "--store", store]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout)


def reaches(failure, minimum):
    return all(failure[figure] <= bound for figure, bound in minimum.items() if bound > 0)


def spread(values, form):
    return f"{form(statistics.median(values))} / {form(max(values))}" if values else "-"


def measure(mapquake, entry, seeds, time, store):
    """A row of the table, and whether every seed did what is expected."""
    outcomes = entry["expected_outcomes"].split("|")
    found = reached = 0
    executions = []
    for seed in range(1, seeds + 1):
        summary = run(mapquake, entry, seed, time, store)
        expected = [f for f in summary["failures"] if f["outcome"] in outcomes]
        if not expected or len(expected) < len(summary["failures"]):
            continue
        found += 1
        executions.append(min(f["executions_to_failure"] for f in expected))
        reached += any(reaches(f, entry["expected_minimum"]) for f in expected)
    row = [entry["name"], f"{found}/{seeds}", spread(executions, "{:,.0f}".format), f"{reached}/{found}"]
    return row, found == seeds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("map", nargs="*", help="names or globs; default: every map with an expected failure")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--time", default="2s", help="of one run: searching all scenarios, confirming, shrinking")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    arguments = parser.parse_args()
    mapquake = str(arguments.build.resolve() / "mapquake")
    form = "{:<34} {:>7}  {:>20}  {:>8}"
    print(form.format("map", "found", "executions med/max", "minimum"))
    all_found = True
    with tempfile.TemporaryDirectory() as store:
        for entry in broken_maps(mapquake, arguments.map):
            row, good = measure(mapquake, entry, arguments.seeds, arguments.time, store)
            print(form.format(*row) + ("" if good else "  MISSED"), flush=True)
            all_found = all_found and good
    return 0 if all_found else 1


if __name__ == "__main__":
    sys.exit(main())
