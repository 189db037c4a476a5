#!/usr/bin/env python3
"""How many schedules each strategy needs: every broken program and map, once per seed and strategy.

Prints a Markdown table of the median number of executions to the first expected failure; "> N": fewer than half of the
seeds found one in N executions; "(17/20)": some seeds found none. Beside them stands what PCT guarantees: a failure in
n * k^(d-1) executions on average, for n threads, k steps and d - 1 preemptions (Burckhardt et al., ASPLOS 2010); n and
k are of executions as they are drawn, d of the shrunken failure with the fewest preemptions. --json FILE keeps the figures of every run. Exit code
1: a run did not end as campaigns end. Names or globs may be given; without any, all that is expected to fail is taken.
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
CAMPAIGN_ENDS = (0, 1, 2)  # clean, failure found, only unknown results


class RunFailed(Exception):
    """A run of mapquake that answered with something else than a campaign's result."""


def output_of(command):
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode not in CAMPAIGN_ENDS:
        raise RunFailed(f"{' '.join(command)}: exit code {ended.returncode}: {ended.stderr.strip()}")
    return json.loads(ended.stdout)


def targets(mapquake, plugins, patterns):
    """Options that choose it, name and expected outcomes of everything that is broken."""
    listed = output_of([mapquake, "list", "--json"] + [word for plugin in plugins for word in ("--plugin", plugin)])
    found = []
    for option, entry in [("--program", e) for e in listed["programs"]] + [("--map", e) for e in listed["maps"]]:
        name = entry["name"]
        if entry["expected_outcomes"] and (not patterns or any(fnmatch.fnmatch(name, p) for p in patterns)):
            plugin = [] if entry["bundled"] else ["--plugin", entry["plugin"]]
            found.append((plugin + [option, name], name, entry["expected_outcomes"].split("|")))
    return found


def run(mapquake, target, strategy, seed, bound):
    """Executions to the first expected failure (None: none within the bound), and the seconds that the run took, which
    for a failure include confirming and shrinking it."""
    chosen, _, outcomes = target
    with tempfile.TemporaryDirectory() as store:
        summary = output_of([mapquake, "run", *chosen, "--strategy", strategy, "--seed", str(seed), "--executions",
                             str(bound), "--jobs", "1", "--stop-at-first", "--expected", "--json", "--store", store])
    found = [f for f in summary["failures"] if f["outcome"] in outcomes]
    steps = summary["steps_per_s"] / summary["executions_per_s"] if summary["executions_per_s"] else 0
    return {"seed": seed, "executions": min((f["executions_to_failure"] for f in found), default=None),
            "seconds": summary["seconds"], "steps": round(steps),
            "threads": max((f["threads"] for f in found), default=None),
            "preemptions": min((f["preemptions"] for f in found), default=None)}


def pct_bound(runs):
    """Executions that PCT needs at most on average; None: nothing was found."""
    found = [r for r in runs if r["executions"] is not None]
    if not found:
        return None
    threads = max(r["threads"] for r in found)
    steps = statistics.median(r["steps"] for r in found)
    return round(threads * max(steps, 1) ** min(r["preemptions"] for r in found))


def cell(runs, bound):
    """The median counts runs that found nothing as longer than all others."""
    found = [r["executions"] for r in runs if r["executions"] is not None]
    median = statistics.median([r["executions"] if r["executions"] is not None else float("inf") for r in runs])
    figure = f"> {bound:,}" if median == float("inf") else f"{median:,.0f}"
    return figure if len(found) == len(runs) else f"{figure} ({len(found)}/{len(runs)})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help="names or globs of programs and maps; default: all that are broken")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--executions", type=int, default=50000, help="at most, of one run")
    parser.add_argument("--strategies", default="mixed,random,pct", help="as --strategy of mapquake run names them")
    parser.add_argument("--json", type=pathlib.Path, help="also write the figures of every run to this file")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    mapquake = str(build / "mapquake")
    strategies = arguments.strategies.split(",")
    plugins = [str(build / "tests" / "plugins" / f"{name}.so") for name in ("kernels", "deadlock01")]
    figures, bounds = {}, {}
    print(f"| {' | '.join(['defect', *strategies, 'PCT guarantees'])} |\n|{'---|' * (len(strategies) + 2)}")
    for target in targets(mapquake, plugins, arguments.name):
        figures[target[1]] = {
            strategy: [run(mapquake, target, strategy, seed, arguments.executions)
                       for seed in range(1, arguments.seeds + 1)] for strategy in strategies}
        bounds[target[1]] = pct_bound([one for runs in figures[target[1]].values() for one in runs])
        cells = [cell(runs, arguments.executions) for runs in figures[target[1]].values()]
        cells.append("" if bounds[target[1]] is None else f"{bounds[target[1]]:,}")
        print(f"| {' | '.join([f'`{target[1]}`', *cells])} |", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps({"executions_max": arguments.executions, "pct_bounds": bounds, "runs": figures}, indent=1))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunFailed as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
