#!/usr/bin/env python3
"""A night of 1,000 machines, from what was measured: merge traffic, size of the store, duplicates, and what gives way first.

nights: some real machines, each with its shard of 1,000, on a few of the maps that are expected to fail. simulate: the night,
from these machines and from WORK/figures.json, where tools/scale.py has put what stores cost; nothing else is assumed but
--spread and --network. check: some of the simulated stores are made and merged. docs/scale.md has the results.
"""
import argparse
import ctypes
import heapq
import json
import pathlib
import random
import re
import statistics
import subprocess
import sys

from scale import MACHINES, finding, measured, usual_templates

NIGHT_S = 8 * 3600
SAVE_S = 4  # between writes of a record: harness/nightly/session.hpp


def failing_maps(mapquake):
    listed = subprocess.run([mapquake, "list", "--json"], capture_output=True, text=True, check=True).stdout
    return sorted(entry["name"] for entry in json.loads(listed)["maps"] if entry["expected_outcomes"])


def measure_nights(mapquake, work, options):
    """Real machines on a few of the maps, so that each map gets as much of a short night as it would of a long one."""
    failing = failing_maps(mapquake)
    maps = [failing[i * len(failing) // options.maps] for i in range(options.maps)]
    machines = []
    for shard in range(1, MACHINES, MACHINES // options.machines):
        store = work / "nights" / f"machine-{shard}"
        if not store.exists():
            chosen = [word for name in maps for word in ("--map", name)]
            measured([mapquake, "fuzz", *chosen, "--store", store, "--time", options.night, "--shard", f"{shard}/{MACHINES}",
                      "--jobs", 2, "--canaries", 0])
        file = next((store / "runs").iterdir())
        record = json.loads(file.read_text())
        sizes = {}
        for path in store.glob("*.toml"):
            text = path.read_text()
            sizes[re.search(r'^signature = "(\w+)"', text, flags=re.M)[1]] = len(text)
        lasted = max(record["saved_s"] - record["started_s"], 1)
        found = [{"map": seen["map"], "signature": seen["signature"], "bytes": sizes.get(seen["signature"], 0),
                  "at": round((seen["first_s"] - record["started_s"]) / lasted, 3)} for seen in record["seen"]]
        ran = sum(n for cells in record["cells"].values() for cell in cells.values() for n in cell["executions"].values())
        machines.append({"shard": shard, "seconds": lasted, "executions": ran, "saves": record["saves"], "found": found,
                         "record_bytes": file.stat().st_size})
    return {"maps": maps, "failing_maps": len(failing), "machines": machines}


def slope(rows, size, value):
    """Of the greatest size against the least."""
    rows = sorted(rows, key=lambda row: row[size])
    return (value(rows[-1]) - value(rows[0])) / (rows[-1][size] - rows[0][size])


def costs_of(figures):
    """What one finding and one record cost, from the stores."""
    stores, records = figures["stores"], figures["records"]
    writes = [(row["merge"]["s"] - row["merge_again"]["s"]) / row["merge_new"] for row in stores]
    return {
        "finding_read_s": slope(stores, "findings", lambda row: row["status_json"]["cpu_s"]),
        "finding_head_s": slope(stores, "findings", lambda row: row["others"]["opened_cpu_s"]),
        "finding_rss_mb": slope(stores, "findings", lambda row: row["status_json"]["rss_mb"]),
        "write_s": max(writes),
        "record_read_s": slope(records, "records", lambda row: row["status"]["cpu_s"]),
        "record_merge_s": slope(records, "records", lambda row: row["merge_again"]["cpu_s"]) / 3,
        "record_start_s": slope(records, "records", lambda row: row["fuzz"]["opened_cpu_s"]),
        "record_rss_mb": slope(records, "records", lambda row: row["status"]["rss_mb"]),
        "record_merge_rss_mb": slope(records, "records", lambda row: row["merge_again"]["rss_mb"]),
        "record_start_rss_mb": slope(records, "records", lambda row: row["fuzz"]["rss_mb"]),
        "record_bytes": records[0]["disk"]["bytes"] / records[0]["records"],
    }


def fleet(nights, draw, fresh):
    """What each machine finds, as pairs of signature and bytes: of each failing map, what one of the real machines found of
    one of the real maps. `fresh`: the chance that a finding is one that nobody else has."""
    machines = nights["machines"]
    by_map = {name: [[f for f in machine["found"] if f["map"] == name] for machine in machines] for name in nights["maps"]}
    drawn = []
    for machine in range(MACHINES):
        found = {}
        for number in range(nights["failing_maps"]):
            profile = nights["maps"][number % len(nights["maps"])]
            for f in draw.choice(by_map[profile]):
                new = draw.random() < fresh
                found[(number, f["signature"], machine if new else -1)] = f["bytes"]
        drawn.append(found)
    return drawn


def merging(into, stores, cost):
    """Seconds of one `mapquake merge`, and what it leaves. A store is its findings and the number of its records. What lies
    in DIR of --into is read twice: findings whole and their heads, records whole; each new file is synced by itself."""
    findings, records = dict(into[0]), into[1]
    seconds = len(findings) * (cost["finding_read_s"] + cost["finding_head_s"]) + 2 * records * cost["record_merge_s"]
    before, new = len(findings), 0
    for other, count in stores:
        seconds += len(other) * cost["finding_read_s"] + count * cost["record_merge_s"]
        findings.update(other)
        new += count
    writes = len(findings) - before + new
    return seconds + writes * cost["write_s"], (findings, records + new)


def one_by_one(stores, cost, ends):
    """A queue: each machine's store is merged as it comes. When the last one is done."""
    into, clock, waiting = ({}, 0), 0.0, [(end, number) for number, end in enumerate(ends)]
    heapq.heapify(waiting)
    while waiting:
        end, number = heapq.heappop(waiting)
        seconds, into = merging(into, [stores[number]], cost)
        clock = max(clock, end) + seconds
    return clock - max(ends), into


def tree(stores, cost, fan):
    """Groups of `fan`, each by a machine of its own, and so on. Each level lasts as long as its slowest."""
    seconds, levels = 0.0, 0
    while len(stores) > 1:
        merged = [merging(({}, 0), stores[i:i + fan], cost) for i in range(0, len(stores), fan)]
        seconds, stores, levels = seconds + max(s for s, _ in merged), [store for _, store in merged], levels + 1
    return seconds, levels


def simulate(figures, options):
    nights, cost = figures["nights"], costs_of(figures)
    machines = nights["machines"]
    everything = [f["signature"] for machine in machines for f in machine["found"]]
    once = sum(everything.count(signature) == 1 for signature in set(everything))
    got = {"costs": cost, "measured": {"found": len(everything), "distinct": len(set(everything)), "once": once,
                                       "bytes": statistics.mean(f["bytes"] for m in machines for f in m["found"])}}
    for name, fresh in (("least", 0.0), ("most", once / len(everything))):
        draw = random.Random(options.seed)
        drawn = fleet(nights, draw, fresh)
        stores = [(found, 1) for found in drawn]
        ends = [NIGHT_S + draw.uniform(0, options.spread) for _ in range(MACHINES)]
        found, union = sum(map(len, drawn)), {}
        for one in drawn:
            union.update(one)
        traffic = sum(sum(one.values()) for one in drawn) + MACHINES * cost["record_bytes"]
        got[name] = {
            "found": found, "distinct": len(union), "duplicates": round(1 - len(union) / found, 4),
            "traffic_mb": traffic / 1e6, "records_mb": MACHINES * cost["record_bytes"] / 1e6,
            "store_mb": (sum(union.values()) + MACHINES * cost["record_bytes"]) / 1e6,
            "network_s": traffic / options.network, "together_s": merging(({}, 0), stores, cost)[0],
            "together_writes_s": (len(union) + MACHINES) * cost["write_s"],
            "one_by_one_s": one_by_one(stores, cost, ends)[0],
            **{f"tree_{fan}_s": tree(stores, cost, fan) for fan in (10, 32)}}
    night_mb = MACHINES * cost["record_bytes"] / 1e6
    got["shared"] = {"writes_per_s": MACHINES / SAVE_S, "mb_per_s": night_mb / SAVE_S, "writes_per_s_of_disk": 1 / cost["write_s"]}
    got["next_nights"] = [{"nights": n, "records_gb": n * night_mb / 1e3, "start_cpu_s": n * MACHINES * cost["record_start_s"],
                           "start_rss_gb": n * MACHINES * cost["record_start_rss_mb"] / 1024,
                           "merge_rss_gb": n * MACHINES * cost["record_merge_rss_mb"] / 1024,
                           "to_all_machines_s": n * night_mb * 1e6 * MACHINES / options.network} for n in (1, 7, 30)]
    return got


def check(mapquake, figures, options):
    """Merges the first stores of the simulated night in truth: what the formula says, and what it takes."""
    templates, record = usual_templates(options.work), (options.work / "record.json").read_text()
    drawn = fleet(figures["nights"], random.Random(options.seed), 0.0)[:options.check]
    stores = [options.work / "check" / f"machine-{number}" for number in range(len(drawn))]
    for number, (store, found) in enumerate(zip(stores, drawn)):
        (store / "runs").mkdir(parents=True, exist_ok=True)
        text = re.sub(r'"id": "\w+"', f'"id": "{number:016x}"', record, count=1)
        (store / "runs" / f"run-000001-{number + 1}of1000.json").write_text(text)
        for map_number, signature, _ in found:
            file, content = finding(templates[map_number % len(templates)], f"map_{map_number:03}", signature)
            (store / file).write_bytes(content)
    into = options.work / "check" / "into"
    subprocess.run(["rm", "-rf", into], check=True)
    cost = dict(costs_of(figures), write_s=0)
    return {"stores": len(stores), "files": sum(map(len, drawn)), "predicted_cpu_s": merging(({}, 0), [(f, 1) for f in drawn], cost)[0],
            "real": measured([mapquake, "merge", *stores, "--into", into]), "new": sum(1 for _ in into.glob("*.toml"))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", default=["nights", "simulate", "check"], help="nights, simulate, check (default: all)")
    parser.add_argument("--mapquake", default="build/mapquake", help="the command")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("scale"), help="that of tools/scale.py")
    parser.add_argument("--machines", type=int, default=8, help="real ones")
    parser.add_argument("--maps", type=int, default=8, help="of those that are expected to fail")
    parser.add_argument("--night", default="100s", help="of a real machine")
    parser.add_argument("--check", type=int, default=100, help="machines whose stores are merged in truth")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spread", type=float, default=600, help="seconds between the first and the last end of the night")
    parser.add_argument("--network", type=float, default=125e6, help="bytes a second into the collector")
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    kept = options.work / "figures.json"
    figures = json.loads(kept.read_text()) if kept.exists() else {}
    for part in options.part:
        if part == "nights":
            figures[part] = measure_nights(options.mapquake, options.work, options)
        else:
            figures[part] = simulate(figures, options) if part == "simulate" else check(options.mapquake, figures, options)
            print(json.dumps(figures[part], indent=1))
        kept.write_text(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
