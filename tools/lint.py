#!/usr/bin/env python3
"""Runs clang-tidy 14 over the .cpp files of harness/, scenarios/ and reports/, several at a time.

A file that was clean is not checked again until it, a header of the tree that it includes, its compiler flags,
.clang-tidy or clang-tidy itself change: the hash over all of these is kept in BUILD/lint/. Exit code 1: findings.

With --changed, only what has been worked on: files that differ from the commit that this branch shares with its upstream
(from HEAD, where there is none), and those that include them. Without git, all.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("harness", "scenarios", "reports")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
TIDY = "clang-tidy-14"
# Of g++ or of the precompiled header; clang knows neither.
FLAGS_LEFT_OUT = {"-fno-gnu-unique", "-Winvalid-pch", "-fpch-preprocess", "-c"}


def flags_of(entry):
    """The compiler's flags for one file, without compiler, input, output and precompiled header."""
    words = shlex.split(entry["command"])
    start = next(i for i, word in enumerate(words) if re.search(r"(g\+\+|gcc|clang)[^/]*$", word))
    flags, skip = [], False
    words = words[start + 1:]
    for i, word in enumerate(words):
        if skip:
            skip = False
        elif word == "-o" or (word == "-include" and "cmake_pch" in words[i + 1]):
            skip = True
        elif word not in FLAGS_LEFT_OUT and word != entry["file"]:
            flags.append(word)
    return flags


def files_of(entry):
    """The file that is compiled, or those that CMake has put together to be compiled at once (UNITY_BUILD)."""
    path = pathlib.Path(entry["file"])
    if path.parent.name != "Unity":
        return [path]
    return [pathlib.Path(name) for name in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE)]


class Closure:
    """A file of the tree and every header of the tree that it includes, directly or not."""

    def __init__(self):
        self.direct = {}

    def includes(self, path):
        if path not in self.direct:
            found = []
            for name in INCLUDE.findall(path.read_text(errors="replace")):
                candidates = (ROOT / name, ROOT / "adapters" / name, path.parent / name)
                found += [next((c for c in candidates if c.is_file()), None)]
            self.direct[path] = [c for c in found if c]
        return self.direct[path]

    def of(self, path):
        seen, todo = set(), [path]
        while todo:
            file = todo.pop()
            if file not in seen:
                seen.add(file)
                todo += self.includes(file)
        return sorted(seen)


def git(*words):
    """The lines that git answers; None where it answers nothing at all."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return None


def files_worked_on():
    """Files of the tree that are not as the upstream has them; None where that cannot be told."""
    base = git("merge-base", "HEAD", "@{upstream}") or ["HEAD"]
    changed, new = git("diff", "--name-only", base[0]), git("ls-files", "--others", "--exclude-standard")
    if changed is None or new is None:
        return None
    return {ROOT / name for name in changed + new}


def key_of(path, flags, common, closure):
    digest = hashlib.sha256(common)
    digest.update("\0".join(flags).encode())
    for file in closure.of(path):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def check(path, flags):
    result = subprocess.run([TIDY, "--quiet", str(path), "--", *flags], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    noise = re.compile(r"^\d+ (warnings?|errors?).* generated\.$|^Suppressed |^Use -header-filter|^Use -system-headers")
    errors = "\n".join(line for line in result.stderr.splitlines() if not noise.search(line))
    return result.returncode == 0, (result.stdout + errors).strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="directory with compile_commands.json (default: build)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--changed", action="store_true", help="only what has been worked on")
    parser.add_argument("files", nargs="*", help="only these (default: all)")
    arguments = parser.parse_args()

    build = pathlib.Path(arguments.build)
    try:
        entries = json.loads((build / "compile_commands.json").read_text())
        version = subprocess.run([TIDY, "--version"], check=True, capture_output=True).stdout
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"lint: {error}\n      `make build` makes {build}/compile_commands.json; `make setup` installs {TIDY}.")
    common = version + (ROOT / ".clang-tidy").read_bytes()
    wanted = {pathlib.Path(file).resolve() for file in arguments.files}
    worked_on = files_worked_on() if arguments.changed else None
    clean = build / "lint"
    clean.mkdir(exist_ok=True)

    work, unchanged, closure, current = [], 0, Closure(), set()
    for path, flags in ((path, flags_of(entry)) for entry in entries for path in files_of(entry)):
        if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in FOLDERS or not path.is_file():
            continue
        key = key_of(path, flags, common, closure)
        current.add(key)
        if wanted and path not in wanted:
            continue
        if worked_on is not None and worked_on.isdisjoint(closure.of(path)):
            continue
        if (clean / key).exists():
            unchanged += 1
        else:
            work.append((path, flags, key))

    started, bad = time.monotonic(), 0
    with concurrent.futures.ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
        runs = {pool.submit(check, path, flags): (path, key) for path, flags, key in work}
        for done in concurrent.futures.as_completed(runs):
            path, key = runs[done]
            fine, text = done.result()
            if fine:
                (clean / key).touch()
            else:
                bad += 1
                print(f"{path.relative_to(ROOT)}\n{text}\n", flush=True)
    for stale in clean.iterdir():
        if stale.name not in current:
            stale.unlink()
    seconds = time.monotonic() - started
    print(f"lint: {len(work)} files checked in {seconds:.0f} s, {unchanged} unchanged since they were clean, "
          f"{bad} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
