#!/usr/bin/env python3
"""How many stored cases can be written as programs that fail without mapquake, and how many of those do.

Every case of adapters/cases goes through `mapquake replay --emit-cpp`; what is written is compiled with plain g++ and
run, then run once more with the name of the repaired twin in the place of the map's. A line each for what was refused
and what did not do as it should, then the totals. Exit code 1: a program failed on the repaired twin.
"""
import argparse
import collections
import fnmatch
import pathlib
import subprocess
import sys
import tomllib

from portability import ADAPTERS, ROOT, Plugins


def compiled(text, flags, work):
    source, program = work / "case.cpp", work / "case"
    source.write_text(text)
    ended = subprocess.run(["nice", "g++", "-std=gnu++20", "-O1", "-pthread", f"-I{ADAPTERS}", "-o", program, source, *flags],
                           capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError("does not compile: " + ended.stderr[:400])
    return program


def exit_code(program):
    try:
        return subprocess.run([program], capture_output=True, timeout=60, check=False).returncode
    except subprocess.TimeoutExpired:
        return None


def twin_of(name, plugins):
    """The map of the same source that does right: the one that is called alike, else any."""
    right = sorted(n for n in plugins.right if plugins.plugin_of[n] == plugins.plugin_of[name])
    alike = {name.replace("buggy_", "fixed_"), name + "_fixed", name.removesuffix("_broken")}
    return next((twin for twin in right if twin in alike), right[0] if right else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="*", help="names or globs of cases; default: all")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    work = build / "regressions"
    work.mkdir(exist_ok=True)
    plugins = Plugins(build, build / "portability")
    counts = collections.Counter()
    for case in sorted((ADAPTERS / "cases").glob("*.toml")):
        if arguments.case and not any(fnmatch.fnmatch(case.stem, p) for p in arguments.case):
            continue
        name = tomllib.loads(case.read_text())["map"]
        out = work / f"{case.stem}.cpp"
        emitted = subprocess.run([build / "mapquake", "replay", case, "--emit-cpp", out], capture_output=True, text=True,
                                 check=False)
        if emitted.returncode != 0:
            counts["refused"] += 1
            print(f"{case.stem}: refused: {' '.join(emitted.stderr.split())}", flush=True)
            continue
        counts["written"] += 1
        source, flags = plugins.source_and_flags(plugins.plugin_of[name])
        flags.append(f"-I{source.parent}")
        text = out.read_text()
        try:
            if exit_code(compiled(text, flags, work)) == 0:
                print(f"{case.stem}: passes on the broken map", flush=True)
            else:
                counts["fail on the broken map"] += 1
            twin = twin_of(name, plugins)
            if twin is None:
                print(f"{case.stem}: no right map in its source", flush=True)
                continue
            counts["have a twin"] += 1
            repaired = text.replace(f'"{name}"', f'"{twin}"')
            code = exit_code(compiled(repaired, flags, work))
            counts["pass on the twin"] += code == 0
            if code != 0:
                print(f"{case.stem}: exit code {code} on {twin}", flush=True)
        except RuntimeError as error:
            print(f"{case.stem}: {error}", flush=True)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 0 if counts["pass on the twin"] == counts["have a twin"] else 1


if __name__ == "__main__":
    sys.exit(main())
