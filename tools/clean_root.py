#!/usr/bin/env python3
"""Installs .deb files into a root that holds nothing but what they depend on, and runs a command in it.

The root is made, without a network, of the files of installed packages: those that the .deb files declare in Depends,
and what these depend on in turn. dpkg installs into it and checks the versions; a dependency that is missing from the
declaration is missing in the root. Only root may do that (exit 77 otherwise).

    tools/clean_root.py --root /tmp/r build/*.deb -- mapquake list
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

BASE = ["dpkg", "coreutils", "libc-bin", "base-files", "tar"]  # what dpkg itself needs to install files


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


def names(depends):
    """The first installed alternative of each dependency."""
    for group in filter(None, re.split(r",\s*", depends.strip())):
        alternatives = [re.sub(r"[ (:].*", "", one.strip()) for one in group.split("|")]
        yield next((one for one in alternatives if one in INSTALLED), alternatives[0])


def status_of_installed():
    stanzas = {}
    for stanza in pathlib.Path("/var/lib/dpkg/status").read_text().split("\n\n"):
        fields = dict(re.findall(r"^([A-Z][\w-]*): (.*)$", stanza, re.M))
        if fields.get("Status") == "install ok installed":
            stanzas.setdefault(fields["Package"], (stanza, fields))
            for provided in re.split(r",\s*", fields.get("Provides", "")):
                stanzas.setdefault(re.sub(r" .*", "", provided), (stanza, fields))
    return stanzas


INSTALLED = status_of_installed()


def closure(start):
    wanted, found = list(start), {}
    while wanted:
        name = wanted.pop()
        if name not in INSTALLED:
            continue  # dpkg will say so
        stanza, fields = INSTALLED[name]
        if fields["Package"] in found:
            continue
        found[fields["Package"]] = stanza
        for field in ("Depends", "Pre-Depends"):
            wanted += names(fields.get(field, ""))
    return found


def lay_out(root, packages):
    # A merged /usr, as Debian 12 has it.
    for name in ("bin", "sbin", "lib", "lib64"):
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        if not (root / name).is_symlink():
            (root / name).symlink_to(pathlib.Path("usr", name))
    for name in ("proc", "dev", "tmp", "root", "etc", "var/lib/dpkg/info", "var/lib/dpkg/updates"):
        (root / name).mkdir(parents=True, exist_ok=True)
    files = [file for package in packages for file in run("dpkg-query", "-L", package).splitlines()
             if file.startswith("/") and os.path.lexists(file) and not os.path.isdir(file)]
    files += [file for file in ("/etc/ld.so.cache", "/usr/bin/c++", "/usr/bin/awk") if os.path.exists(file)]
    # Alternatives are links that no package owns.
    files += [link for link in map(str, pathlib.Path("/etc/alternatives").iterdir()) if os.path.lexists(link)]
    packed = subprocess.Popen(["tar", "-C", "/", "--null", "--no-recursion", "-cf", "-", "-T", "-"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    unpacked = subprocess.Popen(["tar", "-C", str(root), "-xf", "-"], stdin=packed.stdout)
    packed.stdin.write("\0".join(file[1:] for file in files).encode())
    packed.stdin.close()
    if unpacked.wait() != 0 or packed.wait() != 0:
        sys.exit(f"clean_root: {root} could not be filled")
    status = root / "var/lib/dpkg/status"
    status.write_text("\n\n".join(packages.values()) + "\n\n")
    for package in packages:
        (root / "var/lib/dpkg/info" / f"{package}.list").write_text("")
    (root / "dev/null").exists() or os.mknod(root / "dev/null", 0o20666, os.makedev(1, 3))
    os.chmod(root / "tmp", 0o1777)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--root", required=True, type=pathlib.Path)
    arguments.add_argument("debs", nargs="*")
    command = sys.argv[sys.argv.index("--") + 1:] if "--" in sys.argv else []
    options = arguments.parse_args(sys.argv[1:sys.argv.index("--")] if command else None)
    if os.geteuid() != 0:
        sys.exit(77)
    if options.debs:
        own = {run("dpkg-deb", "-f", deb, "Package").strip() for deb in options.debs}
        start = [name for deb in options.debs for name in names(run("dpkg-deb", "-f", deb, "Depends")) if name not in own]
        lay_out(options.root, closure(BASE + start))
        done = subprocess.run(["dpkg", f"--root={options.root}", "--force-script-chrootless", "-i", *options.debs],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"clean_root: dpkg: {done.stderr or done.stdout}")
    if command:
        # A mount namespace of its own: what is mounted goes with it.
        script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        environment = {"PATH": "/usr/sbin:/usr/bin", "HOME": "/root", "LANG": "C.UTF-8"}
        sys.exit(subprocess.run(["unshare", "--mount", "--pid", "--fork", "/bin/sh", "-c", script, str(options.root), *command],
                                env=environment).returncode)


if __name__ == "__main__":
    main()
