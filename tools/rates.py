#!/usr/bin/env python3
"""What a campaign is worth behind a defect that every insert has: executions per second beside those of the right map.

Each map of tests/plugins/always_failing.cpp is searched with the plain default campaign, by turns with the right one. A
row tells both rates, their ratio, and how the defect was called. Measure on an idle machine.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RIGHT = "clean"


def names_of(mapquake, plugin):
    listed = subprocess.run([mapquake, "list", "--plugin", plugin, "--json"], check=True, capture_output=True, text=True)
    return [entry["name"] for entry in json.loads(listed.stdout)["maps"]]


def search(mapquake, plugin, name, time, seed):
    """(executions per second, outcomes)"""
    with tempfile.TemporaryDirectory() as store:
        ran = subprocess.run([mapquake, "run", "--plugin", plugin, "--map", name, "--time", time, "--jobs", "1", "--seed",
                              str(seed), "--keep-going", "--json", "--store", store],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    summary = json.loads(ran.stdout)
    return (summary["executions"] / summary["seconds"], sorted({failure["outcome"] for failure in summary["failures"]}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("map", nargs="*", help="default: all")
    parser.add_argument("--time", default="10s", help="of each search")
    parser.add_argument("--turns", default=1, type=int, help="the table has medians")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    arguments = parser.parse_args()
    mapquake = arguments.build.resolve() / "mapquake"
    form = "{:<20} {:>12} {:>12} {:>8}  {}"
    print(form.format("map", "failing /s", "right /s", "ratio", "shows as"))
    with tempfile.TemporaryDirectory() as out:
        plugin = pathlib.Path(out) / "always_failing.so"
        subprocess.run([mapquake, "build", ROOT / "tests/plugins/always_failing.cpp", "--out", plugin], check=True,
                       capture_output=True)
        for name in arguments.map or names_of(mapquake, plugin):
            failing, right, outcomes = [], [], set()
            for turn in range(arguments.turns):
                rate, shown = search(mapquake, plugin, name, arguments.time, turn + 1)
                failing.append(rate)
                outcomes.update(shown)
                right.append(search(mapquake, plugin, RIGHT, arguments.time, turn + 1)[0])
            a, b = statistics.median(failing), statistics.median(right)
            print(form.format(name, f"{a:,.0f}", f"{b:,.0f}", f"{a / b:.2f}", ", ".join(sorted(outcomes))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
