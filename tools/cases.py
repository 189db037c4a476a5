#!/usr/bin/env python3
"""Keeps one failure of each bundled map that is expected to fail: adapters/cases/MAP.toml.

`mapquake run --expected` confirms such a map by replaying that file. This finds the failures anew, with the stored ones
out of sight, and writes the smallest case of each map: fewest threads and operations, then fewest preemptions and faults.
Maps whose failure was not found keep the file that they have, and are named.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def size(failure):
    return (failure["threads"] + failure["operations"], failure["preemptions"] + failure["faults"], failure["replay"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build"))
    parser.add_argument("--time", default="60s", help="of the whole search")
    parser.add_argument("--map", action="append", default=[], help="only this map, or a glob (repeatable)")
    parser.add_argument("--program", action="append", default=[], help="only this program, or a glob (repeatable)")
    arguments = parser.parse_args()
    tool = arguments.build / "mapquake"
    cases = pathlib.Path(__file__).resolve().parent.parent / "adapters" / "cases"
    cases.mkdir(exist_ok=True)
    named = [("--map", name) for name in arguments.map] + [("--program", name) for name in arguments.program]
    choice = [word for pair in named for word in pair] or ["--all"]
    listed = json.loads(subprocess.run([tool, "list", "--json", *(word for word in choice if word != "--all")],
                                       check=True, capture_output=True, text=True).stdout)
    expected = {entry["name"]: entry["expected_outcomes"].split("|")
                for entry in listed["maps"] + listed["programs"] if entry["expected_outcomes"]}
    with tempfile.TemporaryDirectory() as store:
        ran = subprocess.run([tool, "run", *choice, "--expected", "--time", arguments.time, "--store", store, "--json"],
                             env={**os.environ, "MAPQUAKE_CASES": os.path.join(store, "none")},
                             capture_output=True, text=True, check=False)
        if not ran.stdout:
            sys.exit(ran.stderr or f"mapquake ended with exit code {ran.returncode}")
        best = {}
        for failure in json.loads(ran.stdout)["failures"]:
            name = failure["map"]
            if failure["outcome"] not in expected.get(name, []):
                print(f"not expected: {name}: {failure['outcome']} ({failure['label']})", file=sys.stderr)
            elif name not in best or size(failure) < size(best[name]):
                best[name] = failure
        for name, failure in best.items():
            shutil.copyfile(failure["replay"], cases / f"{name}.toml")
    missing = sorted(set(expected) - set(best))
    print(f"{len(best)} cases written to {cases}" + (f"; not found: {', '.join(missing)}" if missing else ""))


if __name__ == "__main__":
    main()
