#!/usr/bin/env python3
"""What a night of many machines costs: unit costs are measured with this build, the night is computed from them.

Measured: bytes of a replay file and of a record, seconds of `merge` and `status` per file, of opening a store, executions per second
beside stores of several sizes. Simulated: machines that draw defects with rates after Zipf's law; which of them find what, what
is merged, how much of it is known already, and how long each step takes. Writes tables in Markdown.

    tools/scale.py --build build --machines 1000 --hours 8 > table.md
"""
import argparse
import json
import math
import os
import pathlib
import random
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(mapquake, *words):
    start = time.monotonic()
    done = subprocess.run([mapquake, *map(str, words)], capture_output=True, text=True)
    return done, time.monotonic() - start


def filled_store(directory, count, template):
    """A store of so many defects of a map that nobody runs."""
    directory.mkdir(parents=True)
    (directory / "runs").mkdir()
    for number in range(count):
        text = template.replace("SIGNATURE", f"{number:016x}")
        (directory / f"other_map-mixed-operations-{number:08x}.toml").write_text(text)
    return directory


def template_of(mapquake, scratch):
    """A replay file of ours, of another map and by hand: without checksum."""
    run(mapquake, "run", "--map", "buggy_duplicate_insert", "--scenario", "mixed-operations", "--executions", 3000, "--jobs", 1,
        "--stop-at-first", "--store", scratch)
    text = next(scratch.glob("*.toml")).read_text()
    size = len(text.encode())
    text = text[:text.index("\n[end]")]
    text = re.sub(r'^(trace_hash|build|plugin) = .*\n', "", text, flags=re.M)
    text = re.sub(r'^map = .*$', 'map = "other_map"', text, flags=re.M)
    return re.sub(r'^signature = .*$', 'signature = "SIGNATURE"', text, flags=re.M) + "\n", size


def measure(mapquake, sizes):
    costs = {"stores": []}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as scratch:
        scratch = pathlib.Path(scratch)
        template, costs["file_bytes"] = template_of(mapquake, scratch / "found")
        for size in sizes:
            store = filled_store(scratch / f"store-{size}", size, template)
            done, seconds = run(mapquake, "fuzz", "--map", "rwlock_map", "--scenario", "mixed-operations", "--executions", 60000,
                                "--jobs", 1, "--canaries", 0, "--json", "--store", store)
            line = json.loads(done.stdout)
            _, status = run(mapquake, "status", store, "--json")
            _, merge = run(mapquake, "merge", store, "--into", scratch / f"merged-{size}")
            record = next((store / "runs").glob("*.json")).stat().st_size
            costs["stores"].append({"defects": size, "executions_per_s": line["executions"] / line["seconds"],
                                    "opening_s": seconds - line["seconds"], "status_s": status, "merge_s": merge})
            costs["record_bytes"] = record
    return costs


def simulate(costs, machines, hours, defects, exponent, seed=1):
    """The night: executions of a machine at the measured speed on two cores; defect j shows in one execution of n_j."""
    rng = random.Random(seed)
    executions = costs["stores"][0]["executions_per_s"] * 2 * hours * 3600
    rarest = machines * executions * 10
    rates = [1 / (1000 * (j + 1) ** exponent) for j in range(defects)]
    rates = [max(rate, 1 / rarest) for rate in rates]
    chances = [-math.expm1(-rate * executions) for rate in rates]
    union, files = set(), 0
    for _ in range(machines):
        mine = [j for j, chance in enumerate(chances) if rng.random() < chance]
        files += len(mine)
        union.update(mine)
    per_file = costs["stores"][-1]["merge_s"] / costs["stores"][-1]["defects"]
    return {"executions": executions * machines, "files": files, "distinct": len(union),
            "duplicates": 1 - len(union) / files if files else 0,
            "traffic_mib": (files * costs["file_bytes"] + machines * costs["record_bytes"]) / 2**20,
            "store_mib": (len(union) * costs["file_bytes"] + machines * costs["record_bytes"]) / 2**20,
            "merge_s": files * per_file}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    parser.add_argument("--machines", type=int, default=1000)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 1000, 10000, 100000])
    arguments = parser.parse_args()
    costs = measure(str(arguments.build.resolve() / "mapquake"), arguments.sizes)
    print("| Defects in the store | executions/s | opening | `status` | `merge` into an empty store |\n|---|---|---|---|---|")
    for row in costs["stores"]:
        print(f"| {row['defects']:,} | {row['executions_per_s']:,.0f} | {row['opening_s']:.2f} s | {row['status_s']:.2f} s | {row['merge_s']:.2f} s |")
    print(f"\nA replay file has {costs['file_bytes']:,} bytes, the record of a run {costs['record_bytes']:,}.\n")
    print("| Defects there are | found by someone | files brought | of these known already | traffic | store | one merge |\n|---|---|---|---|---|---|---|")
    for defects, exponent in ((100, 1.5), (1000, 1.5), (10000, 1.5), (100000, 1.2)):
        night = simulate(costs, arguments.machines, arguments.hours, defects, exponent)
        print(f"| {defects:,} | {night['distinct']:,} | {night['files']:,} | {night['duplicates']:.2%} | {night['traffic_mib']:,.0f} MiB "
              f"| {night['store_mib']:,.0f} MiB | {night['merge_s']:,.0f} s |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
