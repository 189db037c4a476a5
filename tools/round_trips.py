#!/usr/bin/env python3
"""From a failure with real threads to one that replays: for each map whose known defect shows in answers, `mapquake stress` until it fails,
`import` of its log, a search for the schedule, and a replay. Prints a Markdown table; exit 0 if at least --wanted maps got
all the way and no map of --right was accused.

  tools/round_trips.py --mapquake build/mapquake --time 20s
"""
import argparse
import fnmatch
import json
import pathlib
import subprocess
import tempfile
import tomllib


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)


class Tool:
    def __init__(self, executable, time, search_time, store):
        self.executable, self.time, self.search_time, self.store = executable, time, search_time, store

    def maps(self):
        # A plugin that cannot be read is told of on the standard error, and the others are listed.
        return json.loads(run(self.executable, "list", "--json").stdout)["maps"]

    def stress(self, name, time=None):
        ran = run(self.executable, "stress", "--map", name, "--time", time or self.time, "--out", self.store, "--json")
        results = json.loads(ran.stdout) if ran.stdout.strip() else []
        return results[0] if results else {"found": False, "why": ran.stderr.strip() or "not run", "rounds": 0, "calls": 0}

    def search(self, name, log):
        """The replay file of the imported failure (empty: none), and how it was found."""
        incident = pathlib.Path(self.store) / f"{name}.toml"
        imported = run(self.executable, "import", log, "--map", name, "--out", incident, "--search", self.search_time,
                       "--store", self.store)
        exact = [line.split()[-1] for line in imported.stdout.splitlines() if line.startswith("replay ")]
        if exact:
            smaller = pathlib.Path(self.store) / f"{name}-smaller.toml"
            run(self.executable, "shrink", exact[0], "--time", self.search_time, "--out", smaller)
            return smaller if smaller.exists() else pathlib.Path(exact[0]), "the recorded answers"
        before = set(pathlib.Path(self.store).glob("*.toml"))
        run(self.executable, "run", "--incident", incident, "--store", self.store, "--time", self.search_time)
        found = set(pathlib.Path(self.store).glob("*.toml")) - before
        return (found.pop(), "other answers") if found else (None, "no")

    def replays(self, replay):
        return run(self.executable, "replay", replay).returncode == 1


def size_of(replay):
    program = tomllib.loads(replay.read_text())["program"]
    return f"{len(program['threads'])} threads, {sum(map(len, program['threads']))} operations"


def row_of(tool, name):
    """The table's row, and whether it got all the way."""
    stressed = tool.stress(name)
    head = [name, f"{stressed['rounds']:,}"]
    if not stressed["found"]:
        return head + ["nothing", "", "", ""], False
    if not stressed["importable"]:
        return head + [stressed["why"].split(": ", 1)[-1], "nothing to import", "", ""], False
    replay, how = tool.search(name, stressed["log"])
    if replay is None:
        return head + ["contradiction", how, "", ""], False
    again = tool.replays(replay)
    return head + ["contradiction", how, size_of(replay), "yes" if again else "no"], again


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mapquake", default="build/mapquake")
    parser.add_argument("--map", default="*", help="a glob over maps with a known defect")
    parser.add_argument("--time", default="10s", help="of stress, for each map")
    parser.add_argument("--search-time", default="20s", help="of the search for a schedule")
    parser.add_argument("--wanted", type=int, default=10)
    parser.add_argument("--right", type=int, default=0, help="so many maps without a defect are stressed, too")
    parser.add_argument("--right-map", default="*", help="a glob over them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as store:
        tool = Tool(options.mapquake, options.time, options.search_time, store)
        maps = tool.maps()
        print("| map | rounds | found | schedule with | smallest case | replays |\n|---|---|---|---|---|---|", flush=True)
        whole = accused = 0
        for info in maps:
            # Other defects do not show in what calls answer.
            if "not linearizable" not in info["expected_outcomes"].split("|"):
                continue
            if fnmatch.fnmatch(info["name"], options.map):
                row, good = row_of(tool, info["name"])
                whole += good
                print("| " + " | ".join(row) + " |", flush=True)
        right = [m for m in maps if not m["expected_outcomes"] and fnmatch.fnmatch(m["name"], options.right_map)]
        for info in right[: options.right]:
            stressed = tool.stress(info["name"])
            accused += stressed["found"]
            print(f"| {info['name']} (right) | {stressed['rounds']:,} rounds | {stressed['why'] or 'nothing'} | | | |", flush=True)
        print(f"\n{whole} of the maps with a defect all the way; {accused} right maps accused")
        return 0 if whole >= options.wanted and not accused else 1


if __name__ == "__main__":
    raise SystemExit(main())
