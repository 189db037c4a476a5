#!/usr/bin/env python3
"""Writes a CycloneDX 1.5 bill of materials of a build: every Debian package whose code is in mapquake or its plugins.

What went in is asked of those who know: ninja (inputs of links, headers that were compiled), the ELF files (shared
libraries), dpkg (which package a file is of, its version, source and licence). Nothing in it depends on the time.

    tools/sbom.py --build build-release --out build-release/sbom.cdx.json
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

HOW = ("headers", "static", "shared")  # the last one that applies is told


def lines(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"sbom: {' '.join(command[:6])}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def plugins_of(build):
    return sorted(pathlib.Path(build, "adapters").rglob("*.so"))


def archives_of_links(build, targets):
    """Static libraries that stand in the links of the targets. Which shared ones are used, the ELF files say."""
    return {os.path.realpath(os.path.join(build, line)) for line in lines("ninja", "-C", build, "-t", "inputs", *targets)
            if line.endswith(".a") and line.startswith("/")}


def headers(build, targets):
    """Headers outside the tree that objects of the targets were compiled with."""
    objects = {line for line in lines("ninja", "-C", build, "-t", "inputs", *targets) if line.endswith((".o", ".gch"))}
    found, wanted = set(), False
    for line in lines("ninja", "-C", build, "-t", "deps"):
        if not line.startswith(" "):
            wanted = line.split(":")[0] in objects
        elif wanted and line.strip().startswith("/"):
            found.add(os.path.realpath(line.strip()))
    return found


def shared_libraries(files):
    found = set()
    for file in files:
        for line in lines("ldd", str(file)):
            match = re.search(r"(?:=> )?(/\S+) \(0x", line)
            if match:
                found.add(os.path.realpath(match.group(1)))
    return found


def packages_of(paths):
    """From each path that a package owns to the package's name."""
    owners = {}
    paths = sorted(paths)
    # A merged /usr: dpkg knows some files by their old place.
    known_as = {path: path for path in paths}
    known_as.update({path[4:]: path for path in paths if path.startswith("/usr/lib")})
    asked = sorted(known_as)
    for at in range(0, len(asked), 1000):
        done = subprocess.run(["dpkg", "-S", *asked[at:at + 1000]], capture_output=True, text=True)
        for line in done.stdout.splitlines():
            package, _, path = line.partition(": ")
            if path in known_as:
                owners[known_as[path]] = package.split(",")[0]
    return owners


def licence(package):
    """As the machine-readable copyright file states it for `Files: *`; None where there is none."""
    path = pathlib.Path("/usr/share/doc", package.split(":")[0], "copyright")
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return None
    match = re.search(r"^Files:\s*\*.*?^License:[ \t]*(\S[^\n]*)$", text, re.M | re.S)
    return match.group(1).strip() if match else None


def component(package, how):
    fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\t${Homepage}"
    name, version, architecture, source, source_version, homepage = lines("dpkg-query", "-W", "-f", fields, package)[0].split("\t")
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"
    answer = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    known = licence(package)
    if known:
        answer["licenses"] = [{"license": {"name": known}}]
    if homepage:
        answer["externalReferences"] = [{"type": "website", "url": homepage}]
    answer["properties"] = [{"name": "mapquake:linked", "value": how},
                            {"name": "debian:source", "value": f"{source} {source_version}"}]
    return answer


def parts(build, files, targets):
    """How each package is part of the files: the strongest way counts."""
    how = {}
    for way, paths in zip(HOW, (headers(build, targets), archives_of_links(build, targets), shared_libraries(files))):
        for package in packages_of(paths).values():
            how[package] = way
    return how


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--build", default="build", help="where mapquake and adapters/all were built")
    arguments.add_argument("--out", required=True)
    options = arguments.parse_args()
    build = options.build
    executable = pathlib.Path(build, "mapquake")
    version = lines(str(executable), "--version")[0].split()[1]
    how = parts(build, [executable, *plugins_of(build)], ["mapquake", "adapters/all"])
    subject = f"pkg:generic/mapquake@{version}"
    components = sorted((component(package, way) for package, way in how.items()), key=lambda each: each["bom-ref"])
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": subject, "name": "mapquake", "version": version,
                                   "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": components,
        "dependencies": [{"ref": subject, "dependsOn": [each["bom-ref"] for each in components]}],
    }
    pathlib.Path(options.out).write_text(json.dumps(document, indent=1) + "\n")
    print(f"{options.out}: {len(components)} packages")


if __name__ == "__main__":
    main()
