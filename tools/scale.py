#!/usr/bin/env python3
"""What a store of 100 to 100,000 findings costs: a run over it, status, merge, report, memory and disk.

stores: copies of real findings under signatures of their own, of other maps than the one that is searched ("others"), of that
map, which does not show them ("same"), or of a broken map that does ("broken"). records: stores of nothing but copies of a
real run's record. documents: the report of one campaign with many failures. What was measured goes into WORK/figures.json;
docs/scale.md explains it. Processor time is user + system, that of all children included.
"""
import argparse
import ctypes
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

RIGHT, BROKEN = "rwlock_map", "buggy_duplicate_insert"
MACHINES = 1000
TICKS = os.sysconf("SC_CLK_TCK")
USUAL_BYTES = 4096  # a livelock may take megabytes
CAMPAIGN_ENDS = (0, 1, 2, 3)


def xxh3(data):
    function = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
    function.restype, function.argtypes = ctypes.c_uint64, (ctypes.c_char_p, ctypes.c_size_t)
    return function(data, len(data))


def cpu_so_far(pid):
    """Of a process and those of its children that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def measured(command, limit=570):
    """Seconds, processor seconds and most memory of a command; of `fuzz`, also where it stood when it had opened its store
    and when it had replayed what is known."""
    start, marks = time.monotonic(), {}
    with tempfile.TemporaryFile() as errors, subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                                              stderr=errors, text=True, errors="replace") as child:
        timer = threading.Timer(limit, child.kill)
        timer.start()
        for line in child.stdout:
            if "opened" not in marks and re.match(r"run \d+ of ", line):
                marks["opened"] = (time.monotonic() - start, cpu_so_far(child.pid))
            elif "opened" in marks and "replayed" not in marks and line == "\n":
                marks["replayed"] = (time.monotonic() - start, cpu_so_far(child.pid))
        cpu, rss_kb, written = 0.0, 0, 0
        while True:  # the command, and workers whose parents have ended before them: this process inherits those
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            cpu, written = cpu + usage.ru_utime + usage.ru_stime, written + usage.ru_oublock
            if pid == child.pid:
                child.returncode, rss_kb = os.waitstatus_to_exitcode(status), usage.ru_maxrss
        timer.cancel()
        if child.returncode not in CAMPAIGN_ENDS:
            errors.seek(0)
            print(f"{command}: {child.returncode}: {errors.read()[-300:]}", file=sys.stderr)
    return {"s": round(time.monotonic() - start, 3), "cpu_s": round(cpu, 3), "rss_mb": rss_kb // 1024,
            "written_mb": written // 2048, "exit": child.returncode,
            **{f"{name}_s": round(wall, 3) for name, (wall, _) in marks.items()},
            **{f"{name}_cpu_s": cpu for name, (_, cpu) in marks.items()}}


def finding(template, map_name, number):
    """A finding like this one, of this map, that is a defect of its own: file name and text."""
    signature = hashlib.blake2b(f"{map_name} {number}".encode(), digest_size=8).hexdigest()
    text = re.sub(r'^map = ".*"$', f'map = "{map_name}"', template, count=1, flags=re.M)
    text = re.sub(r'^signature = ".*"$', f'signature = "{signature}"', text, count=1, flags=re.M)
    body = re.sub(r"^checksum = .*\n", "", text, flags=re.M).encode()
    scenario = re.search(r'^scenario = "(.*)"$', text, flags=re.M)[1]
    return f"{map_name}-{scenario}-{signature}.toml", body + f'checksum = "{xxh3(body):016x}"\n'.encode()


def usual_templates(work):
    return [path.read_text() for path in sorted((work / "templates").glob("*.toml")) if path.stat().st_size <= USUAL_BYTES]


def make_store(path, kind, numbers, templates):
    if path.exists():
        return path
    path.mkdir(parents=True)
    for number in numbers:
        template = templates[number % len(templates)]
        if kind == "broken":
            template = next(t for t in templates if f'map = "{BROKEN}"' in t)
        name = {"others": f"other_map_{number % 1000:03}", "same": RIGHT, "broken": BROKEN}[kind]
        file, text = finding(template, name, number)
        (path / file).write_bytes(text)
    return path


def linked(store, copy):
    """A copy that shares files: the store's files are never written to, but replaced."""
    if copy.exists():
        subprocess.run(["rm", "-rf", copy], check=True)
    subprocess.run(["cp", "-rl", store, copy], check=True)
    return copy


def disk(store):
    got = {"files": 0, "bytes": 0, "disk_bytes": 0}
    for entry in (entry for folder in (store, store / "runs") if folder.exists() for entry in os.scandir(folder)):
        if entry.is_file():
            stat = entry.stat()
            got["files"], got["bytes"] = got["files"] + 1, got["bytes"] + stat.st_size
            got["disk_bytes"] += stat.st_blocks * 512
    return got


def fuzz(mapquake, store, name, executions, *more):
    command = [mapquake, "fuzz", "--map", name, "--only", "schedules", "--jobs", 1, "--canaries", 0, "--store", store]
    got = measured([*command, "--executions", executions, *more])
    record = json.loads(max((store / "runs").iterdir(), key=lambda file: file.stat().st_mtime).read_text())
    ran = sum(n for cells in record["cells"].values() for cell in cells.values() for n in cell["executions"].values())
    got.update(executions=ran, replays=len(record["replayed"]), saves=record["saves"])
    got["exploring_cpu_s"] = round(got["cpu_s"] - got["replayed_cpu_s"], 3)
    return got


def fuzz_twice(mapquake, store, name, options, *more):
    """The first run over a store, short and long: the difference is executions and nothing else. The same seed gives the same
    programs, whatever the store."""
    costs = []
    for _ in range(options.repeats):
        runs = []
        for executions in (options.executions // 10, options.executions):
            subprocess.run(["rm", "-rf", store / "runs"], check=True)
            runs.append(fuzz(mapquake, store, name, executions, *more))
        short, long = runs
        costs.append(round((long["exploring_cpu_s"] - short["exploring_cpu_s"]) / (long["executions"] - short["executions"]) * 1e6, 2))
    return {**long, "us_per_execution": costs}


def measure_stores(mapquake, work, options):
    if not (work / "templates").exists():
        measured([mapquake, "run", "--map", "buggy_*", "--time", "60s", "--seed", 7, "--store", work / "templates"])
    templates, rows = usual_templates(work), []
    for size in options.sizes:
        row = {"findings": size}
        store = make_store(work / f"others-{size}", "others", range(size), templates)
        more = make_store(work / f"more-{size}", "others", range(size, size + max(size // 100, 10)), templates)
        row["disk"] = disk(store)
        row["others"] = fuzz_twice(mapquake, store, RIGHT, options)
        row["run"] = measured([mapquake, "run", "--map", RIGHT, "--only", "schedules", "--jobs", 1, "--executions",
                               options.executions // 10, "--store", store])
        for name, command in (("status", ["status", store]), ("status_json", ["status", store, "--json"]),
                              ("report", ["report", store, "--format", "html"])):
            row[name] = measured([mapquake, *command])
        other = linked(store, work / "other")
        subprocess.run(["cp", "-rl", f"{more}/.", other], check=True)
        into = linked(store, work / "into")
        row["merge"] = measured([mapquake, "merge", other, "--into", into])
        row["merge_new"] = sum(entry.name.endswith(".toml") for entry in os.scandir(into)) - size
        row["merge_again"] = measured([mapquake, "merge", other, "--into", into])
        same = make_store(work / f"same-{size}", "same", range(size), templates)
        row["same"] = fuzz_twice(mapquake, same, RIGHT, options, "--time", options.same_time)
        rows.append(row)
        print(json.dumps(row), flush=True)
        if size > options.broken_max:
            continue
        broken = make_store(work / f"broken-{size}", "broken", range(size), templates)
        row["broken"] = fuzz_twice(mapquake, broken, BROKEN, options)
        row["broken_record_bytes"] = max(path.stat().st_size for path in (broken / "runs").iterdir())
        print(json.dumps({"findings": size, "broken": row["broken"], "bytes": row["broken_record_bytes"]}), flush=True)
    return rows


def measure_records(mapquake, work, options):
    """Stores of runs without findings: what records alone cost."""
    record = work / "record.json"
    if not record.exists():
        store = work / "all"
        measured([mapquake, "fuzz", "--all", "--store", store, "--time", "60s", "--shard", "1/1000", "--canaries", "0"])
        record.write_bytes(next((store / "runs").iterdir()).read_bytes())
    rows = []
    for count in options.records:
        store = work / f"records-{count}"
        (store / "runs").mkdir(parents=True, exist_ok=True)
        for number in range(count):
            text = re.sub(r'"id": "\w+"', f'"id": "{number:016x}"', record.read_text(), count=1)
            text = re.sub(r'"shard": 1,', f'"shard": {number % MACHINES + 1},', text, count=1)
            (store / "runs" / f"run-000001-{number + 1}of1000.json").write_text(text)
        into = linked(store, work / "into")
        rows.append({"records": count, "disk": disk(store), "status": measured([mapquake, "status", store, "--json"]),
                     "merge_again": measured([mapquake, "merge", store, "--into", into]),
                     "fuzz": fuzz(mapquake, into, RIGHT, 1000)})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def measure_documents(mapquake, work, options):
    """`report` shows one campaign: its cost against the failures of that campaign."""
    real = json.loads((work / "templates" / "campaign.json").read_text())
    rows = []
    for size in options.failures:
        document = dict(real, reports=[real["reports"][i % len(real["reports"])] for i in range(size)],
                        failures=[real["failures"][i % len(real["failures"])] for i in range(size)] if "failures" in real else [])
        path = work / "document.json"
        path.write_text(json.dumps(document))
        rows.append({"failures": size, "document_bytes": path.stat().st_size,
                     **{form: measured([mapquake, "report", path, "--format", form, "--out", work / "out"])
                        for form in ("text", "html", "junit", "sarif")}})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", default=["stores", "records", "documents"],
                        help="default: all")
    parser.add_argument("--mapquake", default="build/mapquake", help="the command")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("scale"), help="stores and figures.json")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000, 100000], help="findings of stores")
    parser.add_argument("--broken-max", type=int, default=10000, help="findings that are all replayed, at most")
    parser.add_argument("--executions", type=int, default=500000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--same-time", default="20s", help="of runs whose findings are of the map that is searched")
    parser.add_argument("--records", type=int, nargs="+", default=[10, 100, 1000], help="records of stores")
    parser.add_argument("--failures", type=int, nargs="+", default=[100, 1000], help="failures of one campaign's report")
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    options.work.mkdir(parents=True, exist_ok=True)
    kept = options.work / "figures.json"
    figures = json.loads(kept.read_text()) if kept.exists() else {}
    parts = {"stores": measure_stores, "records": measure_records, "documents": measure_documents}
    for part in options.part:
        rows = parts[part](options.mapquake, options.work, options)
        key = next(iter(rows[0]))  # sizes that were measured before are kept
        by_size = {row[key]: row for row in figures.get(part, []) + rows}
        figures[part] = [by_size[size] for size in sorted(by_size)]
        kept.write_text(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
