#!/usr/bin/env python3
"""How surely each seeded defect is found and how small its cases become: every map with an expected failure, once per seed.

A table: how many seeds found what is expected, executions until the first failure, how many of the cases (one from each
seed, and so from another original) are as small as the adapter states, how many are proven to be minimal, and the
seconds of shrinking. Stored cases are not asked: each seed searches and shrinks anew. Exit code 1: a seed found nothing
that is expected. Names or globs of maps may be given; without any, all are taken.
"""
import argparse
import fnmatch
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def broken_maps(mapquake, patterns):
    listed = json.loads(subprocess.run([mapquake, "list", "--json"], check=True, capture_output=True, text=True).stdout)
    return [entry for entry in listed["maps"]
            if entry["expected_outcomes"] and (not patterns or any(fnmatch.fnmatch(entry["name"], p) for p in patterns))]


def first_failure(mapquake, entry, seed, time):
    """Of the expected ones that which took fewest executions, and its case; None where there is none."""
    with tempfile.TemporaryDirectory() as store:
        command = [mapquake, "run", "--map", entry["name"], "--seed", str(seed), "--time", time, "--jobs", "1", "--json",
                   "--store", store]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        outcomes = entry["expected_outcomes"].split("|")
        expected = [f for f in json.loads(ran.stdout)["failures"] if f["outcome"] in outcomes]
        if not expected:
            return None
        failure = min(expected, key=lambda f: f["executions_to_failure"])
        return failure, tomllib.loads(pathlib.Path(failure["replay"]).read_text())


def reaches(failure, minimum):
    return all(failure[figure] <= bound for figure, bound in minimum.items() if bound > 0)


def spread(values, form):
    return f"{form(statistics.median(values))} / {form(max(values))}" if values else "-"


def measure(mapquake, entry, seeds, time):
    """What each seed found: (executions, at the minimum, proven, seconds of shrinking)."""
    found = []
    for seed in range(1, seeds + 1):
        first = first_failure(mapquake, entry, seed, time)
        if first is not None:
            failure, case = first
            found.append((failure["executions_to_failure"], reaches(failure, entry["expected_minimum"]),
                          case.get("proven", False), case.get("shrink_seconds", 0.0)))
    return found


def row_of(name, found, seeds):
    executions, reached, proven, shrinking = zip(*found) if found else ((), (), (), ())
    return [name, f"{len(found)}/{seeds}", spread(executions, "{:,.0f}".format), f"{sum(reached)}/{len(found)}",
            f"{sum(proven)}/{len(found)}", spread(shrinking, "{:.2f}".format)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("map", nargs="*", help="names or globs; default: every map with an expected failure")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--time", default="2s", help="of one search")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    arguments = parser.parse_args()
    mapquake = str(arguments.build.resolve() / "mapquake")
    form = "{:<36} {:>7}  {:>20}  {:>8}  {:>8}  {:>17}"
    print(form.format("map", "found", "executions med/max", "minimum", "proven", "shrinking med/max"))
    every, runs = [], 0
    for entry in broken_maps(mapquake, arguments.map):
        found = measure(mapquake, entry, arguments.seeds, arguments.time)
        every += found
        runs += arguments.seeds
        print(form.format(*row_of(entry["name"], found, arguments.seeds)) +
              ("" if len(found) == arguments.seeds else "  MISSED"), flush=True)
    print(form.format(*row_of("all", every, runs)))
    return 0 if len(every) == runs else 1


if __name__ == "__main__":
    sys.exit(main())
