#!/usr/bin/env python3
"""Measures `caisson trust` on running containers beside the recipe that it replaces, as bench.py does for roots.

    bench-containers.py --caisson FILE --roots DIR [--runs N] [--check]

The recipe is what a manual page tells to do for each container: copy the file in, and run update-ca-certificates there.
It starts an engine of its own and ends it. Needs root, dockerd and docker.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

from bench import Bench, arguments

IMAGE = "caisson-bench/debian"


class Engine:
    """A dockerd with its own data, socket and state."""

    def __init__(self, directory):
        self.socket = f"unix://{directory}/docker.sock"
        self.log = open(os.path.join(directory, "log"), "wb")
        self.process = subprocess.Popen(
            ["dockerd", "--data-root", f"{directory}/data", "--exec-root", f"{directory}/exec", "--host", self.socket,
             "--pidfile", f"{directory}/pid", "--bridge=none", "--iptables=false"],
            stdout=self.log, stderr=self.log)  # fmt: skip

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class ContainerBench(Bench):
    def __init__(self, options, scratch, engine):
        super().__init__(options, scratch)
        self.environment["DOCKER_HOST"] = engine.socket

    def image(self):
        for _ in range(100):
            if subprocess.run(["docker", "info"], env=self.environment, capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        archive = os.path.join(self.scratch, "root.tar")
        root = os.path.join(self.roots, "bookworm-ca", "root")
        self.output("tar", "--one-file-system", "-C", root, "-cf", archive, ".")
        self.output("docker", "import", archive, IMAGE)
        os.remove(archive)

    def started(self, *options):
        command = ["docker", "run", "--detach", "--network", "none", *options, IMAGE, "sleep", "3600"]
        return self.output(*command).decode().strip()

    def remove(self, containers):
        self.output("docker", "rm", "--force", *containers)
        shutil.rmtree(self.environment["XDG_STATE_HOME"], ignore_errors=True)
        os.mkdir(self.environment["XDG_STATE_HOME"], 0o700)

    def recipe(self, containers):
        loop = (
            'ca=$0; for container in "$@"; do docker cp "$ca" "$container:/usr/local/share/ca-certificates/acme.crt" && '
            'docker exec "$container" update-ca-certificates; done'
        )
        return self.time("sh", "-c", loop, self.authority(), *containers)

    def one(self):
        self.heading("trust one authority in one running Debian container")
        ours, theirs = [], []
        for _ in range(self.runs):
            container = self.started()
            ours.append(self.time(self.caisson, "trust", self.authority(), f"container:{container}"))
            self.remove([container])
            container = self.started()
            theirs.append(self.recipe([container]))
            self.remove([container])
        wall = self.row("caisson trust container:ID", ours)
        tool = self.row("docker cp, docker exec update-ca-certificates", theirs)
        self.verdict("recipe / caisson", tool / wall, "x", ">= 20x", tool / wall >= 20)

    def many(self, count):
        self.heading(f"the same in {count} containers")
        containers = [self.started("--label", "bench=ours") for _ in range(count)]
        ours = [self.time(self.caisson, "trust", self.authority(), "--label", "bench=ours")]
        status = [self.time(self.caisson, "status", "container:*")]
        self.remove(containers)
        containers = [self.started() for _ in range(count)]
        theirs = [self.recipe(containers)]
        self.remove(containers)
        wall = self.row("caisson trust --label", ours)
        self.row("caisson status 'container:*'", status)
        tool = self.row("the recipe in a loop", theirs)
        self.verdict("recipe / caisson", tool / wall, "x", ">= 30x", tool / wall >= 30)
        self.verdict("peak memory", ours[0].peak, "MB", "< 80 MB", ours[0].peak < 80)


def main():
    options = arguments(__doc__)
    with tempfile.TemporaryDirectory(prefix="caisson-bench.", ignore_cleanup_errors=True) as scratch:
        engine = Engine(scratch)
        try:
            bench = ContainerBench(options, scratch, engine)
            os.makedirs(bench.environment["XDG_STATE_HOME"], 0o700, exist_ok=True)
            bench.image()
            bench.one()
            bench.many(50)
        finally:
            engine.stop()
    if bench.missed:
        print(f"\nmissed: {', '.join(bench.missed)}")
        sys.exit(1 if options.check else 0)


if __name__ == "__main__":
    main()
