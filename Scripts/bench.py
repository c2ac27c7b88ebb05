#!/usr/bin/env python3
"""Measures caisson beside the tools it replaces, in one run on one machine.

    bench.py --caisson FILE --roots DIR [--runs N] [--check]

Whole processes are timed from start to exit. Each figure is the median; the two sides of a ratio take turns, so a
machine that is busy for a while is busy for both. What resets the state between runs is not timed. Ratios can be
compared between machines; times cannot. Needs root, for chroot. Only the standard library is used.
"""

import argparse
import base64
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import family_roots

CERTS = "etc/ssl/certs"
BUNDLE = CERTS + "/ca-certificates.crt"


class Sample:
    """One finished process: wall seconds, processor seconds, and peak memory in MB."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


class Bench:
    def __init__(self, options, scratch):
        self.caisson, self.roots, self.runs = options.caisson, options.roots, options.runs
        self.scratch = scratch
        self.missed = []
        # The machine's own SSL_CERT_FILE and the like must not decide anything here.
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": scratch,
            "XDG_STATE_HOME": os.path.join(scratch, "state"),
            "P11_KIT_NO_USER_CONFIG": "1",
        }

    # -- running -----------------------------------------------------------------------------------------------

    def time(self, *command):
        """Runs a command that must succeed."""
        with open(os.devnull, "r+b") as null:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdin=null, stdout=null, stderr=null, env=self.environment)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: `{' '.join(command)}` ended with {process.returncode}")
        return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def output(self, *command):
        return subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ).stdout

    def made(self, name):
        """A root that Scripts/test-roots.sh made."""
        return os.path.join(self.roots, name, "root")

    def fresh(self, source):
        """Gives the path of a copy of a root, as its distribution left it, with no journal about it."""
        path = os.path.join(self.scratch, "root")
        for old in (path, self.environment["XDG_STATE_HOME"]):
            shutil.rmtree(old, ignore_errors=True)
        self.output("cp", "-aT", "--reflink=auto", source, path)
        os.mkdir(self.environment["XDG_STATE_HOME"], 0o700)
        os.sync()
        return path

    # -- printing ----------------------------------------------------------------------------------------------

    def heading(self, text):
        print(f"\n{text}")

    def row(self, label, samples, note=""):
        wall = statistics.median(sample.wall for sample in samples)
        cpu = statistics.median(sample.cpu for sample in samples)
        peak = max(sample.peak for sample in samples)
        print(f"  {label:<46} {wall * 1000:10.1f} ms {cpu * 1000:10.1f} ms cpu {peak:8.1f} MB  {note}", flush=True)
        return wall

    def verdict(self, text, value, unit, target, good):
        print(f"  {text:<46} {value:10.1f} {unit:<4} (target {target}) {'ok' if good else 'MISSED'}", flush=True)
        if not good:
            self.missed.append(text)

    # -- what is measured --------------------------------------------------------------------------------------

    def start(self):
        self.heading("start")
        wall = self.row("caisson --version", [self.time(self.caisson, "--version") for _ in range(self.runs * 5)])
        self.verdict("start", wall * 1000, "ms", "< 10 ms", wall < 0.010)

    def trust(self, suite):
        self.heading(f"trust one authority on Debian {suite} with its public roots")
        authority = self.authority()
        ours, plans, again, theirs = [], [], [], []
        for number in range(self.runs):
            root = self.fresh(self.made(f"{suite}-ca"))
            plans.append(self.time(self.caisson, "trust", authority, f"rootfs:{root}", "--dry-run"))
            ours.append(self.time(self.caisson, "trust", authority, f"rootfs:{root}"))
            again.append(self.time(self.caisson, "trust", authority, f"rootfs:{root}"))
            root = self.fresh(self.made(f"{suite}-ca"))
            shutil.copy(authority, os.path.join(root, "usr/local/share/ca-certificates/acme.crt"))
            theirs.append(self.time("chroot", root, "update-ca-certificates"))
        self.row("caisson trust --dry-run", plans, "reads, plans, prints")
        wall = self.row("caisson trust", ours)
        self.row("caisson trust, nothing to do", again)
        tool = self.row("chroot update-ca-certificates", theirs)
        self.verdict("update-ca-certificates / caisson", tool / wall, "x", ">= 60x", tool / wall >= 60)
        peak = max(sample.peak for sample in ours)
        self.verdict("peak memory of a trust run", peak, "MB", "< 40 MB", peak < 40)

    def inspect(self, suite):
        bundle = os.path.join(self.made(f"{suite}-ca"), BUNDLE)
        directory = os.path.join(self.scratch, "split")
        os.makedirs(directory, exist_ok=True)
        with open(bundle, "rb") as file:
            blocks = file.read().split(b"-----BEGIN CERTIFICATE-----")[1:]
        for number, block in enumerate(blocks):
            with open(os.path.join(directory, f"{number}.pem"), "wb") as file:
                file.write(b"-----BEGIN CERTIFICATE-----" + block)
        self.heading(f"inspect a bundle of {len(blocks)} certificates")
        loop = 'for file in "$0"/*.pem; do openssl x509 -in "$file" -noout -text -fingerprint -subject_hash; done'
        ours, theirs = [], []
        for _ in range(self.runs):
            ours.append(self.time(self.caisson, "inspect", bundle))
            theirs.append(self.time("sh", "-c", loop, directory))
        wall = self.row("caisson inspect", ours)
        tool = self.row("one `openssl x509` for each", theirs)
        self.verdict("openssl / caisson", tool / wall, "x", ">= 50x", tool / wall >= 50)

    def families(self, suite):
        certificates = family_roots.public_roots(
            os.path.join(self.made(f"{suite}-ca"), "usr/share/ca-certificates/mozilla"))
        self.heading(f"trust one authority on a root of each family with {len(certificates)} public roots")
        sources = {"debian": self.made(f"{suite}-ca")}
        for name, make in family_roots.SIMPLE_FAMILIES.items():
            sources[name] = os.path.join(self.scratch, name)
            make(sources[name], certificates)
        for name, source in sources.items():
            wall = self.row(f"caisson trust, {name}", [self.trusted(source) for _ in range(self.runs)])
            self.verdict(name, wall * 1000, "ms", "< 25 ms", wall < 0.025)
        # p11-kit reads files in the order of the directory before 0.25.6, sorted after; Caisson follows what it finds.
        for release in (suite, "sid"):
            for name, family in family_roots.P11KIT_FAMILIES.items():
                self.extracting_family(f"{name}, p11-kit of {release}", family, certificates, f"{release}-p11-kit")

    def trusted(self, source):
        return self.time(self.caisson, "trust", self.authority(), f"rootfs:{self.fresh(source)}")

    def extracting_family(self, name, family, certificates, release):
        source = os.path.join(self.scratch, name.replace(", ", "-").replace(" ", "-"))
        family.make(source, certificates, self.made(release))
        ours, theirs = [], []
        for _ in range(self.runs):
            ours.append(self.trusted(source))
            root = self.fresh(source)
            shutil.copy(self.authority(), root + family.tokens[0] + "/anchors/acme.crt")
            theirs.append(self.time(*family.update(root)))
        wall = self.row(f"caisson trust, {name}", ours)
        tool = self.row(f"{len(family.outputs)} runs of `trust extract`", theirs)
        self.verdict(name, wall * 1000, "ms", "< 25 ms", wall < 0.025)
        self.verdict("trust extract / caisson", tool / wall, "x", ">= 10x", tool / wall >= 10)
        shutil.rmtree(source)

    def large_bundle(self):
        self.heading("trust on a root with nothing but a large bundle")
        authority, walls = self.authority(), {}
        for count in (25_000, 50_000, 100_000):
            root = os.path.join(self.scratch, f"bundle-{count}")
            samples = []
            for _ in range(min(self.runs, 3)):
                shutil.rmtree(root, ignore_errors=True)
                shutil.rmtree(self.environment["XDG_STATE_HOME"], ignore_errors=True)
                os.makedirs(os.path.join(root, CERTS))
                with open(os.path.join(root, BUNDLE), "wb") as file:
                    for block in self.certificates(count):
                        file.write(block)
                os.sync()
                samples.append(self.time(self.caisson, "trust", authority, f"rootfs:{root}"))
            walls[count] = self.row(f"caisson trust, {count:,} certificates", samples)
            shutil.rmtree(root)
        ratio = walls[100_000] / walls[50_000]
        self.verdict("twice the certificates, times the time", ratio, "x", "< 2.5x", ratio < 2.5)

    def verify(self):
        self.heading("verify one server through a proxy on loopback")
        port, proxy_port = free_port(), free_port()
        root = os.path.join(self.scratch, "verified")
        os.makedirs(os.path.join(root, CERTS), exist_ok=True)
        leaf, key = self.server()
        shutil.copy(self.authority(), os.path.join(root, BUNDLE))
        configuration = os.path.join(self.scratch, "tinyproxy.conf")
        with open(configuration, "w") as file:
            file.write(f"Port {proxy_port}\nListen 127.0.0.1\nAllow 127.0.0.1\nLogLevel Error\n")
        servers = [
            ("openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}", "-www", "-cert", leaf, "-key", key),
            ("tinyproxy", "-d", "-c", configuration),
        ]
        null = subprocess.DEVNULL
        running = [subprocess.Popen(command, stdin=null, stdout=null, stderr=null) for command in servers]
        try:
            for number in (port, proxy_port):
                wait_for(number)
            url, proxy = f"https://localhost:{port}", f"http://127.0.0.1:{proxy_port}"
            ours, theirs = [], []
            for _ in range(self.runs * 3):
                ours.append(self.time(self.caisson, "verify", f"rootfs:{root}", url, "--proxy", proxy))
                theirs.append(self.time(
                    "curl", "-s", "-x", proxy, "--cacert", os.path.join(root, BUNDLE), "-o", "/dev/null", url))
            wall = self.row("caisson verify", ours)
            tool = self.row("curl", theirs)
            self.verdict("caisson / curl", wall / tool, "x", "<= 1.5x", wall / tool <= 1.5)
        finally:
            for process in running:
                process.kill()
                process.wait()

    # -- material ----------------------------------------------------------------------------------------------

    def authority(self):
        path = os.path.join(self.scratch, "ca.crt")
        if not os.path.exists(path):
            self.output(
                "openssl", "req", "-x509", "-subj", "/O=Acme Corp/CN=Acme Proxy CA", "-days", "3650", "-nodes",
                "-newkey", "rsa:2048", "-keyout", os.path.join(self.scratch, "ca.key"), "-out", path,
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
        return path

    def server(self):
        """A certificate for localhost that the authority signed, and its key."""
        base = os.path.join(self.scratch, "server")
        if not os.path.exists(base + ".crt"):
            self.output(
                "openssl", "req", "-new", "-subj", "/CN=localhost", "-nodes", "-newkey", "rsa:2048", "-keyout",
                base + ".key", "-out", base + ".csr")  # fmt: skip
            with open(base + ".ext", "w") as file:
                file.write("subjectAltName=DNS:localhost\n")
            authority = self.authority()
            self.output(
                "openssl", "x509", "-req", "-in", base + ".csr", "-CA", authority, "-CAkey",
                authority[: -len(".crt")] + ".key", "-days", "90", "-extfile", base + ".ext", "-out", base + ".crt",
                "-set_serial", "7")  # fmt: skip
        return base + ".crt", base + ".key"

    def certificates(self, count):
        """PEM blocks of certificates that differ in a serial number of one length; their signatures are stale."""
        with open(self.authority(), "rb") as file:
            der = base64.b64decode(b"".join(file.read().split(b"\n")[1:-2]))
        # The serial number of openssl's certificates has 20 bytes; it follows the version.
        at = der.index(bytes.fromhex("a0030201020214")) + 7
        for number in range(count):
            text = base64.b64encode(der[:at] + (0x11 << 152 | number).to_bytes(20, "big") + der[at + 20 :])
            lines = b"\n".join(text[i : i + 64] for i in range(0, len(text), 64))
            yield b"-----BEGIN CERTIFICATE-----\n" + lines + b"\n-----END CERTIFICATE-----\n"


def free_port():
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port):
    """Waits until somebody listens there."""
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.025)
    sys.exit(f"bench: nobody listens on port {port}")


def arguments(description):
    """What the command line says, for this script and for those that measure other things in the same way."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--caisson", required=True, help="the executable, a release build")
    parser.add_argument("--roots", required=True, help="what Scripts/test-roots.sh made")
    parser.add_argument("--suite", default="bookworm", help="the Debian release (default: bookworm)")
    parser.add_argument("--runs", type=int, default=11, help="runs of each kind (default: 11)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("bench: needs root, because the tools it compares with run in a chroot")
    return options


def main():
    options = arguments(__doc__)
    with tempfile.TemporaryDirectory(prefix="caisson-bench.") as scratch:
        bench = Bench(options, scratch)
        bench.start()
        bench.trust(options.suite)
        bench.families(options.suite)
        bench.inspect(options.suite)
        bench.large_bundle()
        bench.verify()
    if bench.missed:
        print(f"\nmissed: {', '.join(bench.missed)}")
        sys.exit(1 if options.check else 0)


if __name__ == "__main__":
    main()
