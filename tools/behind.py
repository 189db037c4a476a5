#!/usr/bin/env python3
"""No defect hides the next: every seeded defect alone, and behind a race, a leak, a crash and an endless loop.

Each source of adapters/buggy is built with tests/support/behind.hpp and searched with the plain default campaign; a table
tells the executions to the map's own defect alone, and as a multiple of that behind each other one. "missed": not found
within the time; "same": the map's own defect shows as the other one does, and the two cannot be told apart here.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHOWS_AS = {"race": "data race", "leak": "leak", "crash": "crash", "loop": "hang"}


def built(mapquake, source, out):
    """None where the source does not compile with the header: a map without one of insert, find and erase."""
    plugin = pathlib.Path(out) / (source.stem + ".so")
    command = [mapquake, "build", source, "--out", plugin, "--", f"-I{ROOT / 'adapters'}"]
    behind = subprocess.run(command + ["-include", ROOT / "tests/support/behind.hpp"], capture_output=True)
    if behind.returncode == 0:
        return plugin
    subprocess.run(command, check=True, capture_output=True)  # the source itself is not to blame
    return None


def maps_of(mapquake, plugin):
    listed = subprocess.run([mapquake, "list", "--plugin", plugin, "--json"], check=True, capture_output=True, text=True)
    return {entry["name"]: entry for entry in json.loads(listed.stdout)["maps"]}


def search(mapquake, plugin, name, wanted, arguments, seed):
    """(executions to the first failure with each outcome; all executions), up to one of each set of outcomes in `wanted`."""
    for executions in (200, 2_000, 20_000, 10**9):  # of each cell; their order is the same each time
        with tempfile.TemporaryDirectory() as store:
            ran = subprocess.run([mapquake, "run", "--plugin", plugin, "--map", name, "--time", arguments.time, "--jobs", "1",
                                  "--executions", str(executions), "--json", "--seed", str(seed), "--keep-going", "--store",
                                  store], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        summary = json.loads(ran.stdout)
        after = {}
        for failure in summary["failures"]:
            outcome, first_seen = failure["outcome"], failure["executions_to_failure"]
            after[outcome] = min(first_seen, after.get(outcome, first_seen))
        if all(outcomes & after.keys() for outcomes in wanted):
            break
    return after, summary["executions"]


def searches(mapquake, plugin, name, wanted, arguments):
    return [search(mapquake, plugin, name, wanted, arguments, seed) for seed in range(1, arguments.seeds + 1)]


def first(found, outcomes):
    """The median over the seeds of the least executions to one of the outcomes, or None where most saw none of them."""
    least = [min((after[outcome] for outcome in outcomes if outcome in after), default=float("inf"))
             for after, _ in found]
    median = statistics.median_low(least)
    return None if median == float("inf") else median


def executions_of(found):
    return sum(executions for _, executions in found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="*", type=pathlib.Path, help="default: all of adapters/buggy")
    parser.add_argument("--time", default="10s", help="of each search, at most; it ends where the defect is found")
    parser.add_argument("--seeds", default=1, type=int, help="searches of each; the table has their medians")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path, help="every figure, into this file")
    arguments = parser.parse_args()
    mapquake = arguments.build.resolve() / "mapquake"
    sources = arguments.source or sorted((ROOT / "adapters/buggy").glob("*.cpp"))
    form = "{:<40} {:>10}" + "  {:>8}" * len(SHOWS_AS)
    print(form.format("map", "alone", *SHOWS_AS))
    rows, ratios, missed, left_out = [], {kind: [] for kind in SHOWS_AS}, 0, []
    with tempfile.TemporaryDirectory() as out:
        for source in sources:
            plugin = built(mapquake, source, out)
            if plugin is None:
                left_out.append(source.stem)
                continue
            maps = maps_of(mapquake, plugin)
            for name in maps:
                if not maps[name]["expected_outcomes"] or "_behind_" in name:
                    continue
                outcomes = set(maps[name]["expected_outcomes"].split("|"))
                wanted = [own for shows_as in SHOWS_AS.values() if (own := outcomes - {shows_as})] or [outcomes]
                seen = searches(mapquake, plugin, name, wanted, arguments)
                alone = first(seen, outcomes)
                row = {"map": name, "alone": alone, "executions": executions_of(seen)}
                cells = []
                for kind, shows_as in SHOWS_AS.items():
                    own = outcomes - {shows_as}
                    # Told apart from the other one it takes so many.
                    apart = first(seen, own)
                    if apart is None:
                        cells.append("same" if alone is not None else "-")
                        continue
                    behind = searches(mapquake, plugin, f"{name}_behind_{kind}", [own], arguments)
                    after = first(behind, own)
                    row[kind] = {"alone": apart, "after": after, "executions": executions_of(behind)}
                    missed += after is None
                    if after is not None:
                        ratios[kind].append(after / apart)
                    cells.append("missed" if after is None else f"{after / apart:.2f}")
                rows.append(row)
                print(form.format(name, "missed" if alone is None else f"{alone:,}", *cells), flush=True)
            os.unlink(plugin)
    print(form.format("median", "", *(f"{statistics.median(r):.2f}" if r else "-" for r in ratios.values())))
    within = sum(ratio <= 2 for r in ratios.values() for ratio in r)
    print(f"{within} of {sum(map(len, ratios.values())) + missed} within twice the executions; {missed} missed")
    if left_out:
        print(f"left out, for a map in it lacks insert, find or erase: {', '.join(left_out)}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
