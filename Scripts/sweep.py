#!/usr/bin/env python3
"""Stops caisson at every system call that changes the disk, and makes each of them fail; then looks at the root.

    sweep.py --caisson FILE [--family NAME]... [--every N] [--jobs N]

For each family of roots, and for `trust`, `distrust`, `undo` and the recovery after a crash: the command is first traced
with strace to find its calls that change the disk; then it is run again for each of them, with that call

  * answered by SIGKILL, as a crash there, and
  * failing with ENOSPC, EACCES, EIO, EROFS and EDQUOT, once, and from then on for all calls of that name.

Afterwards the next command that takes the lock (withdrawing a certificate that isn't there) is run, and the root must be
the old one, to the times, or the new one, with nothing staged left in it and no record pending. `--every N` takes each
Nth point only. Needs strace and openssl; changes nothing outside of its own temporary directory. Exits 1 if any point
fails, and prints how many were tried.
"""

import argparse
import concurrent.futures
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

ERRORS = ["ENOSPC", "EACCES", "EIO", "EROFS", "EDQUOT"]
# Calls that change the disk. openat counts only where it creates.
CALLS = [
    "openat", "write", "fchown", "fchownat", "fchmod", "fsetxattr", "utimensat", "fsync", "symlinkat", "mkdirat",
    "renameat", "renameat2", "unlinkat",
]  # fmt: skip
EXECUTABLE = {"usr/sbin/update-ca-certificates", "usr/bin/update-ca-trust", "etc/ca-certificates/update.d/certhash"}


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


class Authorities:
    """A few public roots, an anchor that stands already, and one that comes."""

    def __init__(self, directory):
        self.public = [self.make(directory, f"Public {number}") for number in range(3)]
        self.old = self.make(directory, "Old Corporate CA")
        self.new = self.make(directory, "New Corporate CA")

    def make(self, directory, name):
        path = os.path.join(directory, name.replace(" ", "_") + ".crt")
        openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null",
            "-out", path, "-days", "3650", "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:true",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip
        return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Root:
    """A root built by hand from its family's documented layout."""

    def __init__(self, path):
        self.path = path
        os.makedirs(path)

    def write(self, name, contents=b""):
        target = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(contents if isinstance(contents, bytes) else contents.encode())
        os.chmod(target, 0o755 if name in EXECUTABLE else 0o644)

    def link(self, name, target):
        os.makedirs(os.path.dirname(os.path.join(self.path, name)), exist_ok=True)
        os.symlink(target, os.path.join(self.path, name))

    def directory(self, name):
        os.makedirs(os.path.join(self.path, name), exist_ok=True)


def empty(root, authorities):
    pass


def bundle(root, authorities):
    root.write("etc/ssl/certs/ca-certificates.crt", b"".join(map(read, authorities.public)))
    root.link("etc/ssl/cert.pem", "certs/ca-certificates.crt")


def packaged(root, authorities, link_name):
    """The layout that Debian's and Alpine's tools share."""
    names, blocks = [], b""
    for path in authorities.public:
        name = os.path.basename(path)
        root.write(f"usr/share/ca-certificates/mozilla/{name}", read(path))
        link = link_name(name)
        root.link(f"etc/ssl/certs/{link}", f"/usr/share/ca-certificates/mozilla/{name}")
        subject = openssl("x509", "-in", path, "-noout", "-subject_hash").decode().strip()
        root.link(f"etc/ssl/certs/{subject}.0", link)
        names.append(f"mozilla/{name}\n")
        blocks += read(path)
    root.write("etc/ca-certificates.conf", "".join(names))
    root.write("etc/ssl/certs/ca-certificates.crt", blocks)
    root.directory("usr/local/share/ca-certificates")


def debian(root, authorities):
    root.write("etc/os-release", "ID=debian\nVERSION_ID=13\n")
    root.write("usr/sbin/update-ca-certificates", "#!/bin/sh -e\n")
    root.directory("etc/ca-certificates/update.d")
    packaged(root, authorities, lambda name: name.replace(".crt", ".pem"))


def alpine(root, authorities):
    root.write("etc/os-release", "ID=alpine\nVERSION_ID=3.22.0\n")
    root.write("usr/sbin/update-ca-certificates", b"\x7fELF\x02\x01\x01\x00")
    root.write("etc/ca-certificates/update.d/certhash", "#!/bin/sh\nexec /usr/bin/c_rehash /etc/ssl/certs\n")
    packaged(root, authorities, lambda name: "ca-cert-" + name.replace(".crt", ".pem"))


def p11kit(identifier, tool, source, vendor, outputs):
    def build(root, authorities):
        root.write("etc/os-release", f"ID={identifier}\n")
        root.write(tool, "#!/bin/sh\n")
        for path in authorities.public:
            root.write(f"{vendor}/anchors/{os.path.basename(path)}", read(path))
        root.directory(f"{source}/anchors")
        for output in outputs:
            root.write(output)

    return build


FAMILIES = {
    "scratch": empty,
    "bundle": bundle,
    "debian": debian,
    "alpine": alpine,
    "rhel": p11kit(
        "fedora", "usr/bin/update-ca-trust", "etc/pki/ca-trust/source", "usr/share/pki/ca-trust-source",
        [
            "etc/pki/ca-trust/extracted/" + name
            for name in ["openssl/ca-bundle.trust.crt", "pem/tls-ca-bundle.pem", "pem/email-ca-bundle.pem",
                         "pem/objsign-ca-bundle.pem", "edk2/cacerts.bin"]
        ]),
    "suse": p11kit(
        "opensuse-tumbleweed", "usr/sbin/update-ca-certificates", "etc/pki/trust", "usr/share/pki/trust",
        ["var/lib/ca-certificates/ca-bundle.pem", "var/lib/ca-certificates/openssl/.keep"]),
    "arch": p11kit(
        "arch", "usr/bin/update-ca-trust", "etc/ca-certificates/trust-source", "usr/share/ca-certificates/trust-source",
        ["etc/ca-certificates/extracted/tls-ca-bundle.pem", "etc/ca-certificates/extracted/ca-bundle.trust.crt"]),
}  # fmt: skip


def describe(path, times):
    """One line for each entry of a tree: type, mode, owner, contents and, if asked for, times."""
    lines = []
    for directory, names, files in os.walk(path):
        for name in ["", *files, *(n for n in names if os.path.islink(os.path.join(directory, n)))]:
            entry = os.path.join(directory, name) if name else directory
            status = os.lstat(entry)
            if stat.S_ISLNK(status.st_mode):
                contents = os.readlink(entry)
            elif stat.S_ISREG(status.st_mode):
                contents = hashlib.sha256(read(entry)).hexdigest()
            else:
                contents = ""
            time = status.st_mtime_ns if times else 0
            where = os.path.relpath(entry, path)
            lines.append(f"{where} {status.st_mode:o} {status.st_uid}:{status.st_gid} {time} {contents}")
    return sorted(lines)


class Case:
    """A root and a state directory as they are before a command, copied for each point."""

    def __init__(self, caisson, scratch, name, absent):
        self.caisson, self.scratch, self.name, self.absent = caisson, scratch, name, absent
        self.base = os.path.join(scratch, name)
        os.makedirs(self.base)
        self.root = os.path.join(self.base, "root")
        self.state = os.path.join(self.base, "state")

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": self.base, "XDG_STATE_HOME": self.state, "LC_ALL": "C.UTF-8"}

    def run(self, *arguments, tracing=()):
        command = [*tracing, self.caisson, *arguments]
        return subprocess.run(command, env=self.environment(), capture_output=True)

    def must(self, *arguments):
        result = self.run(*arguments)
        if result.returncode != 0:
            sys.exit(f"sweep: {self.name}: caisson {' '.join(arguments)}: {result.stderr.decode()}")

    @property
    def place(self):
        return "rootfs:" + self.root

    def settle(self):
        """What any later run does first: rolls back what was cut off."""
        return self.run("distrust", "sha256:" + self.absent, self.place)


def points(case, arguments):
    """(call, number) for each call of a traced run that changes the disk: the number of that call in its thread."""
    log = os.path.join(case.base, "trace")
    result = case.run(
        *arguments, tracing=["strace", "-f", "-y", "-qq", "-o", log, "-e", "trace=" + ",".join(CALLS)])
    counts, found = {}, {}
    for line in read(log).decode(errors="replace").splitlines():
        match = re.match(r"(\d+) +(\w+)\((.*)", line)
        if not match:
            continue
        thread, call, rest = match.groups()
        counts[thread, call] = number = counts.get((thread, call), 0) + 1
        if call == "openat" and "O_CREAT" not in rest:
            continue
        if call == "write" and case.base not in rest.split(",")[0]:
            continue
        found[call, number] = True
    return result, list(found)


def snapshot(case):
    copy = os.path.join(case.base, "saved")
    subprocess.run(["rm", "-rf", copy], check=True)
    os.makedirs(copy)
    for name in ["root", "state"]:
        if os.path.exists(os.path.join(case.base, name)):
            subprocess.run(["cp", "-a", os.path.join(case.base, name), copy], check=True)


def restore(case):
    """The saved root, into the same directory: its inode is part of what tells places apart."""
    for name in ["root", "state"]:
        target, saved = os.path.join(case.base, name), os.path.join(case.base, "saved", name)
        if os.path.isdir(target):
            for entry in os.listdir(target):
                subprocess.run(["rm", "-rf", os.path.join(target, entry)], check=True)
        if os.path.isdir(saved):
            os.makedirs(target, exist_ok=True)
            subprocess.run(["cp", "-a", saved + "/.", target], check=True)


def judge(case, old, new):
    """What is wrong with the root after the next start; None if nothing is. `new` is without times, or None."""
    settled = case.settle()
    if settled.returncode != 0:
        return f"the next run ended with {settled.returncode}: {settled.stderr.decode().strip()}"
    records = os.path.join(case.state, "caisson")
    for name in os.listdir(records) if os.path.isdir(records) else []:
        if not name.endswith(".done") and not name.endswith(".unreadable"):
            return f"left the record {name}"
    exact, timeless = describe(case.root, True), describe(case.root, False)
    if exact == old or timeless == new:
        return None
    difference = sorted(set(timeless) ^ set(new) if new else set(exact) ^ set(old))[:3]
    return f"the root is neither the old nor the new: {difference}"


def injections(call, number):
    yield f"{call}:signal=KILL:when={number}"
    for error in ERRORS:
        yield f"{call}:error={error}:when={number}"
        yield f"{call}:error={error}:when={number}+"


def sweep(case, arguments, every, must_be=None):
    """Tries every point of a command; returns how many, and the failures.

    The root must end as it was or as the command makes it; or as `must_be`, with times, if that is given.
    """
    snapshot(case)
    old = must_be or describe(case.root, True)
    result, found = points(case, arguments)
    if result.returncode != 0:
        sys.exit(f"sweep: {case.name}: caisson {' '.join(arguments)}: {result.stderr.decode()}")
    new = None if must_be else describe(case.root, False)
    tried, failures = 0, []
    plans = [injection for call, number in found for injection in injections(call, number)]
    for injection in plans[::every]:
        restore(case)
        # strace's own traces: only the call that is injected into.
        call = injection.split(":")[0]
        tracing = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=" + injection]
        case.run(*arguments, tracing=tracing)
        tried += 1
        fault = judge(case, old, new)
        if fault:
            failures.append(f"{case.name}: {' '.join(arguments[:1])}: {injection}: {fault}")
    restore(case)
    return tried, failures


def crash(case, arguments, call, number):
    case.run(
        *arguments,
        tracing=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
                 "-e", f"inject={call}:signal=KILL:when={number}"])  # fmt: skip


def sweep_recovery(case, arguments, every):
    """Crashes a command at a few points, and sweeps the recovery after each."""
    snapshot(case)
    old = describe(case.root, True)
    _, found = points(case, arguments)
    tried, failures = 0, []
    changing = [point for point in found if point[0] in ("renameat", "renameat2", "unlinkat", "symlinkat", "fsync")]
    saved = os.path.join(case.base, "saved")
    keep = os.path.join(case.base, "kept")
    shutil.move(saved, keep)
    for call, number in changing[:: max(1, len(changing) // 4)]:
        subprocess.run(["rm", "-rf", saved], check=True)
        subprocess.run(["cp", "-a", keep, saved], check=True)
        restore(case)
        crash(case, arguments, call, number)
        count, faults = sweep(case, ["distrust", "sha256:" + case.absent, case.place], every, must_be=old)
        tried, failures = tried + count, failures + faults
    shutil.rmtree(saved)
    shutil.move(keep, saved)
    restore(case)
    return tried, failures


def sweep_family(caisson, scratch, family, authorities, every):
    absent = "ab" * 32
    tried, failures = 0, []

    def take(result):
        nonlocal tried
        tried += result[0]
        failures.extend(result[1])

    case = Case(caisson, scratch, family, absent)
    root = Root(case.root)
    FAMILIES[family](root, authorities)
    case.must("trust", authorities.old, case.place)
    trust = ["trust", authorities.new, case.place]
    take(sweep(case, trust, every))
    take(sweep_recovery(case, trust, every))
    case.must(*trust)
    take(sweep(case, ["undo"], every))
    take(sweep(case, ["distrust", authorities.new, case.place], every))
    return family, tried, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--caisson", required=True, help="the program")
    parser.add_argument("--family", action="append", choices=list(FAMILIES), help="only this family; may be repeated")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each Nth point only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="families at a time")
    options = parser.parse_args()
    caisson = os.path.abspath(options.caisson)
    total, failures = 0, []
    with tempfile.TemporaryDirectory(prefix="caisson-sweep-") as scratch:
        authorities = Authorities(scratch)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            jobs = [
                pool.submit(sweep_family, caisson, scratch, family, authorities, options.every)
                for family in options.family or FAMILIES
            ]
            for job in concurrent.futures.as_completed(jobs):
                family, tried, faults = job.result()
                print(f"{family}: {tried} points, {len(faults)} failures", flush=True)
                for fault in faults[:20]:
                    print("  " + fault)
                total, failures = total + tried, failures + faults
    print(f"{total} points tried, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
