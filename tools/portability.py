#!/usr/bin/env python3
"""Whether stored cases fail again in other builds of their maps: every case of adapters/cases, once per build.

The builds: two compilers at several levels of optimisation, an edit elsewhere in the sources (every line moves), and
renamed files. A cell of the table is what `mapquake replay` says of one case in one build: exact (each choice was found
under its address), equivalent (another schedule of the same program, with as many preemptions and the same faults,
ends the same way) or not reproduced. Exit code 1: fewer than --least percent were exact or equivalent.

Plugins are built once and cells are kept under build/portability, so that a run which was ended goes on where it was.
"""
import argparse
import collections
import fnmatch
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ADAPTERS = ROOT / "adapters"
OWN_FOLDERS = ("buggy", "maps", "objects", "programs", "third_party")
SUFFIXES = (".cpp", ".hpp", ".c")
OWN_INCLUDE = re.compile(r'#include "(?!mapquake/)([^"]*?)([^"/]+)"')
ENDINGS = ("exact", "equivalent", "not reproduced")

Build = collections.namedtuple("Build", "name compiler level tree")
BUILDS = [
    Build("g++ -O0", "g++", "-O0", "plain"),
    Build("g++ -O1", "g++", "-O1", "plain"),
    Build("g++ -O2", "g++", "-O2", "plain"),
    Build("clang++ -O0", "clang++", "-O0", "plain"),
    Build("clang++ -O2", "clang++", "-O2", "plain"),
    Build("g++ -O2, edited", "g++", "-O2", "edited"),
    Build("g++ -O2, renamed", "g++", "-O2", "renamed"),
]


def file_name(build):
    return re.sub(r"[^\w+-]+", "_", build.name)


def edited(text, number):
    """Blank lines and a function that nothing uses, above the first include."""
    body = f"\n\n\n[[maybe_unused]] static int edited_elsewhere_{number}(int value) {{\n  return value + 1;\n}}\n\n"
    at = text.index("#include")
    return text[:at] + body + text[at:]


def copy_tree(kind, into):
    """The sources of the maps, edited or renamed; what has not changed keeps its time."""
    files = sorted(path for path in ADAPTERS.rglob("*") if path.suffix in SUFFIXES
                   and (path.parent == ADAPTERS or path.relative_to(ADAPTERS).parts[0] in OWN_FOLDERS))
    for number, path in enumerate(files):
        text = path.read_text()
        to = into / path.relative_to(ADAPTERS)
        if kind == "edited":
            text = edited(text, number) if path.suffix != ".c" else "\n\n\n" + text
        elif "int main(" not in text:  # a program with a main() is called after its file
            text = OWN_INCLUDE.sub(r'#include "\1renamed_\2"', text)
            to = to.with_name("renamed_" + to.name)
        if not to.exists() or to.read_text() != text:
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text)


class Plugins:
    """Sources of the bundled plugins, and their builds."""

    def __init__(self, build, work):
        self.build, self.work, self.failed = build, work, {}
        listed = json.loads(subprocess.run([build / "mapquake", "list", "--json"], check=True, capture_output=True,
                                           text=True).stdout)
        self.plugin_of = {entry["name"]: pathlib.Path(entry["plugin"]).stem
                          for entry in listed["maps"] + listed["programs"]}
        self.right = {entry["name"] for entry in listed["maps"] if not entry["expected_outcomes"]}
        for kind in ("edited", "renamed"):
            copy_tree(kind, work / kind)

    def source_and_flags(self, plugin):
        """From the commands by which this tree builds it."""
        commands = subprocess.run(["ninja", "-C", self.build, "-t", "commands", f"adapters/{plugin}.so"], check=True,
                                  capture_output=True, text=True).stdout.splitlines()
        compiles = [words for words in map(str.split, commands) if "-c" in words and
                    pathlib.Path(words[words.index("-c") + 1]).is_relative_to(ADAPTERS)]
        source = pathlib.Path(compiles[-1][compiles[-1].index("-c") + 1])
        flags, words = [], iter(compiles[-1])
        for word in words:
            if word == "-isystem":
                flags += [word, next(words)]
            elif word.startswith(("-I", "-D")) and not word.endswith("_EXPORTS"):
                flags.append(word)
        link = commands[-1].split()
        flags += [word for word in link[link.index("-o") + 2:]
                  if word.startswith(("-l", "-L")) or re.search(r"\.(so[.0-9]*|a)$", word)]
        flags += ["-Wl,--as-needed", "-latomic"]  # clang calls it where g++ does not
        return source, flags

    def built(self, plugin, build):
        """The plugin's file; None where it does not compile."""
        out = self.work / "plugins" / file_name(build) / f"{plugin}.so"
        newest = max(path.stat().st_mtime for path in ADAPTERS.rglob("*") if path.suffix in SUFFIXES)
        if out.exists() and out.stat().st_mtime >= newest:
            return out
        source, flags = self.source_and_flags(plugin)
        tree = self.work / build.tree
        if build.tree != "plain":
            place = source.relative_to(ADAPTERS)
            renamed = tree / place.with_name("renamed_" + place.name)
            source = renamed if build.tree == "renamed" and renamed.exists() else tree / place
            flags = ["-iquote", str(tree), *flags]
        out.parent.mkdir(parents=True, exist_ok=True)
        compiler = {"CXX": build.compiler, "CC": {"g++": "gcc", "clang++": "clang"}[build.compiler]}
        ended = subprocess.run(["nice", self.build / "mapquake", "build", source, "--out", out, "--", *flags, build.level],
                               env={**os.environ, **compiler, "MAPQUAKE_CACHE": str(self.work / "cache")},
                               capture_output=True, text=True, check=False)
        if ended.returncode == 0:
            os.utime(out)
            return out
        self.failed[plugin, build.name] = ended.stderr.strip()
        return None


class Kept:
    """The cells of one build, in a file."""

    def __init__(self, path):
        self.path, self.cells = path, json.loads(path.read_text()) if path.exists() else {}
        path.parent.mkdir(parents=True, exist_ok=True)

    def cell(self, case, of):
        found = self.cells.get(case)
        return found if found and found["of"] == of else None

    def keep(self, case, cell):
        self.cells[case] = cell
        half = self.path.with_suffix(".new")
        half.write_text(json.dumps(self.cells, indent=1))
        half.replace(self.path)
        return cell


def digest(*paths):
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def replayed(mapquake, case, plugin):
    """How the replay ended, and what it says where it did not reproduce the failure."""
    ended = subprocess.run(["nice", mapquake, "replay", case, "--plugin", plugin, "--json"], capture_output=True,
                           text=True, check=False, timeout=300)
    if ended.returncode not in (0, 1, 2, 65):
        sys.exit(f"mapquake replay {case}: exit code {ended.returncode}: {ended.stderr.strip()}")
    if not ended.stdout:
        return "not reproduced", " ".join(ended.stderr.split())
    told = json.loads(ended.stdout)
    if told["runs_alike"] == told["runs"]:
        return told.get("schedule", "exact"), ""
    return "not reproduced", f"{told['outcome']} ({told['label']}) {' '.join(ended.stderr.split())}"


def markdown(cases, cells):
    lines = ["| Case | " + " | ".join(build.name for build in BUILDS) + " |", "|---" * (len(BUILDS) + 1) + "|"]
    sign = {"exact": "exact", "equivalent": "equivalent", "not reproduced": "**no**"}
    for case in cases:
        row = [cells.get((case.stem, build.name)) for build in BUILDS]
        lines.append(f"| `{case.stem}` | " + " | ".join(sign[c["ending"]] if c else "" for c in row) + " |")
    for ending in ENDINGS:
        counts = [sum(cells[key]["ending"] == ending for key in cells if key[1] == build.name) for build in BUILDS]
        lines.append(f"| {ending} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines) + "\n"


def put_into(document, begin, text):
    """Replaces what stands behind the line `begin`, to the end of the file."""
    head = document.read_text().split(begin, 1)[0]
    document.write_text(head + begin + "\n\n" + text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="*", help="names or globs of cases; default: all")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--only", action="append", default=[], help="a build of the matrix, or a glob (repeatable)")
    parser.add_argument("--least", type=float, default=95, help="percent that must be exact or equivalent")
    parser.add_argument("--again", action="store_true", help="replay what is kept, too: mapquake itself has changed")
    parser.add_argument("--table", action="store_true", help="run nothing: what is kept, with the rest left empty")
    parser.add_argument("--plugins", action="store_true", help="only build them")
    parser.add_argument("--markdown", type=pathlib.Path, help="a document whose last part, behind '## Every cell', is the table")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    work = build / "portability"
    cases = [case for case in sorted((ADAPTERS / "cases").glob("*.toml"))
             if not arguments.case or any(fnmatch.fnmatch(case.stem, p) for p in arguments.case)]
    builds = [b for b in BUILDS if not arguments.only or any(fnmatch.fnmatch(b.name, p) for p in arguments.only)]
    plugins = Plugins(build, work)
    cells = {}
    for matrix_build in builds:
        kept = Kept(work / "cells" / f"{file_name(matrix_build)}.json")
        for case in cases:
            if arguments.table:
                if case.stem in kept.cells:
                    cells[case.stem, matrix_build.name] = kept.cells[case.stem]
                continue
            name = tomllib.loads(case.read_text())["map"]
            plugin = plugins.built(plugins.plugin_of[name], matrix_build)
            if arguments.plugins:
                continue
            if plugin is None:
                cell = {"ending": "not reproduced", "why": "it does not compile"}
            else:
                of = digest(plugin, case)
                cell = None if arguments.again else kept.cell(case.stem, of)
                if cell is None:
                    ending, why = replayed(build / "mapquake", case, plugin)
                    cell = kept.keep(case.stem, {"ending": ending, "why": why, "of": of})
            cells[case.stem, matrix_build.name] = cell
            if cell["ending"] == "not reproduced":
                print(f"{case.stem}, {matrix_build.name}: {cell['why']}", flush=True)
    for (plugin, name), why in plugins.failed.items():
        print(f"{plugin}, {name}: does not compile: {why[-2000:]}", file=sys.stderr)
    if arguments.plugins:
        return 0
    table = markdown(cases, cells)
    if arguments.markdown:
        put_into(arguments.markdown, "## Every cell", table)
    good = sum(cell["ending"] != "not reproduced" for cell in cells.values())
    print(f"{good} of {len(cells)} cells exact or equivalent ({100 * good / len(cells):.1f} %): " +
          ", ".join(f"{sum(c['ending'] == e for c in cells.values())} {e}" for e in ENDINGS))
    return 0 if 100 * good >= arguments.least * len(cells) else 1


if __name__ == "__main__":
    sys.exit(main())
