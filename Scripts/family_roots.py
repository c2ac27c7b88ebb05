"""Makes roots of the distribution families with real public roots, for bench.py.

What a family's own tool would have written is written here by the same programs: `trust extract` of a p11-kit that
Scripts/test-roots.sh unpacked, and `openssl rehash`. Each root holds what its tool needs and nothing else.
"""

import os
import re
import shutil
import subprocess

SERVERS = "--filter=ca-anchors --purpose=server-auth"
PEM = "--format=pem-bundle --filter=ca-anchors --comment"


HASH_LINK = re.compile(r"[0-9a-f]{8}\.[0-9]+")


class Root:
    """A directory that becomes a root."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        os.makedirs(path)

    def local(self, path):
        return self.path + path

    def write(self, path, contents, mode=0o644):
        os.makedirs(os.path.dirname(self.local(path)), exist_ok=True)
        with open(self.local(path), "wb") as file:
            file.write(contents)
        os.chmod(self.local(path), mode)

    def link(self, path, target):
        os.makedirs(os.path.dirname(self.local(path)), exist_ok=True)
        os.symlink(target, self.local(path))

    def directory(self, path):
        os.makedirs(self.local(path), exist_ok=True)

    def rehash(self, path):
        subprocess.run(["openssl", "rehash", self.local(path)], check=True, stderr=subprocess.DEVNULL)


class P11KitFamily:
    """A family whose tool calls `trust extract`; the options are those of its script."""

    def __init__(self, tool, tokens, packaged, outputs, finish):
        self.tool, self.tokens, self.packaged, self.outputs, self.finish = tool, tokens, packaged, outputs, finish

    def make(self, path, certificates, release):
        """`release` is a root with p11-kit in it, of which the family's becomes a copy."""
        shutil.copytree(release, path, symlinks=True)
        root = Root.__new__(Root)
        root.path = path
        paths = ":".join(self.tokens)
        module = f"module: p11-kit-trust.so\ntrust-policy: yes\nx-init-reserved: paths={paths}\n"
        root.write("/usr/share/p11-kit/modules/p11-kit-trust.module", module.encode())
        root.write(self.tool, b"#!/bin/sh\n", 0o755)
        for token in self.tokens:
            for place in ("anchors", "blocklist"):
                root.directory(f"{token}/{place}")
        text = b"".join(
            b'[p11-kit-object-v1]\nlabel: "%s"\ntrusted: true\nnss-mozilla-ca-policy: true\nmodifiable: false\n%s\n'
            % (name.encode().replace(b"%", b"%25"), pem)
            for name, pem in certificates
        )
        root.write(f"{self.tokens[1]}/{self.packaged}", text)
        for output, _ in self.outputs:
            root.directory(os.path.dirname(output))
        subprocess.run(self.update(path), check=True, env=self.environment)
        self.finish(root)

    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "P11_KIT_NO_USER_CONFIG": "1"}

    def update(self, path):
        """The command for what the tool does when an anchor was added: all the extractions, one after the other."""
        extract = "chroot \"$0\" /usr/bin/trust extract --overwrite"
        return ["sh", "-c", " && ".join(f"{extract} {options} {output}" for output, options in self.outputs), path]


def finish_rhel(root):
    hashes = "/etc/pki/ca-trust/extracted/pem/directory-hash"
    os.chmod(root.local(hashes), 0o755)
    for name in ("ca-certificates.crt", "ca-bundle.crt"):
        root.link(f"{hashes}/{name}", "../tls-ca-bundle.pem")
    for name in os.listdir(root.local(hashes)):
        if HASH_LINK.fullmatch(name):
            target = os.readlink(root.local(f"{hashes}/{name}"))
            root.link(f"/etc/pki/tls/certs/{name}", f"{hashes}/{target}")
    os.chmod(root.local(hashes), 0o555)
    root.link("/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem")
    root.link("/etc/ssl/certs", "../pki/tls/certs")


def finish_suse(root):
    root.link("/etc/ssl/certs", "../../var/lib/ca-certificates/pem")
    root.link("/etc/ssl/ca-bundle.pem", "../../var/lib/ca-certificates/ca-bundle.pem")


def finish_arch(root):
    extracted = "/etc/ca-certificates/extracted"
    for name in os.listdir(root.local(extracted + "/cadir")):
        root.link(f"/etc/ssl/certs/{name}", f"../../ca-certificates/extracted/cadir/{name}")
    root.link("/etc/ssl/certs/java/cacerts", "../../../ca-certificates/extracted/java-cacerts.jks")


RED_HAT, ARCH, SUSE = "/etc/pki/ca-trust/extracted", "/etc/ca-certificates/extracted", "/var/lib/ca-certificates"

P11KIT_FAMILIES = {
    "rhel": P11KitFamily(
        "/usr/bin/update-ca-trust", ["/etc/pki/ca-trust/source", "/usr/share/pki/ca-trust-source"],
        "ca-bundle.trust.p11-kit",
        [
            (RED_HAT + "/openssl/ca-bundle.trust.crt", "--format=openssl-bundle --filter=certificates --comment"),
            (RED_HAT + "/pem/tls-ca-bundle.pem", f"{PEM} --purpose=server-auth"),
            (RED_HAT + "/pem/email-ca-bundle.pem", f"{PEM} --purpose=email"),
            (RED_HAT + "/pem/objsign-ca-bundle.pem", f"{PEM} --purpose=code-signing"),
            (RED_HAT + "/java/cacerts", f"--format=java-cacerts {SERVERS}"),
            (RED_HAT + "/edk2/cacerts.bin", f"--format=edk2-cacerts {SERVERS}"),
            (RED_HAT + "/pem/directory-hash", f"--format=pem-directory-hash {SERVERS}"),
        ],
        finish_rhel,
    ),
    "suse": P11KitFamily(
        "/usr/sbin/update-ca-certificates", ["/etc/pki/trust", "/usr/share/pki/trust"],
        "ca-certificates-mozilla.trust.p11-kit",
        [
            (SUSE + "/java-cacerts", f"--format=java-cacerts {SERVERS}"),
            (SUSE + "/openssl", "--format=openssl-directory --filter=ca-anchors"),
            (SUSE + "/pem", f"--format=pem-directory-hash {SERVERS}"),
            (SUSE + "/ca-bundle.pem", f"--format=pem-bundle {SERVERS}"),
        ],
        finish_suse,
    ),
    "arch": P11KitFamily(
        "/usr/bin/update-ca-trust", ["/etc/ca-certificates/trust-source", "/usr/share/ca-certificates/trust-source"],
        "mozilla.trust.p11-kit",
        [
            (ARCH + "/tls-ca-bundle.pem", f"{PEM} --purpose=server-auth"),
            (ARCH + "/email-ca-bundle.pem", f"{PEM} --purpose=email"),
            (ARCH + "/objsign-ca-bundle.pem", f"{PEM} --purpose=code-signing"),
            (ARCH + "/ca-bundle.trust.crt", "--format=openssl-bundle --filter=certificates --comment"),
            (ARCH + "/edk2-cacerts.bin", f"--format=edk2-cacerts {SERVERS}"),
            (ARCH + "/java-cacerts.jks", f"--format=java-cacerts {SERVERS}"),
            (ARCH + "/cadir", f"--format=pem-directory-hash {SERVERS}"),
        ],
        finish_arch,
    ),
}  # fmt: skip

CERTS, PACKAGES = "/etc/ssl/certs", "/usr/share/ca-certificates"


def alpine(path, certificates):
    root = Root(path)
    root.write("/usr/sbin/update-ca-certificates", b"\x7fELF", 0o755)
    root.write("/etc/ca-certificates/update.d/certhash", b"#!/bin/sh\nexec /usr/bin/c_rehash /etc/ssl/certs\n", 0o755)
    root.write("/etc/os-release", b"ID=alpine\n")
    root.directory("/usr/local/share/ca-certificates")
    for name, pem in certificates:
        root.write(f"{PACKAGES}/mozilla/{name}.crt", pem)
    conf = "".join(f"mozilla/{name}.crt\n" for name, _ in certificates)
    root.write("/etc/ca-certificates.conf", conf.encode())
    root.directory(CERTS)
    for name, _ in certificates:
        # openssl looks for what the links lead to, which is below the root.
        root.link(f"{CERTS}/ca-cert-{name}.pem", root.local(f"{PACKAGES}/mozilla/{name}.crt"))
    root.rehash(CERTS)
    for name, _ in certificates:
        os.unlink(root.local(f"{CERTS}/ca-cert-{name}.pem"))
        root.link(f"{CERTS}/ca-cert-{name}.pem", f"{PACKAGES}/mozilla/{name}.crt")
    root.write(f"{CERTS}/ca-certificates.crt", b"".join(pem + b"\n" for _, pem in certificates))
    root.link("/etc/ssl/cert.pem", "certs/ca-certificates.crt")


def photon(path, certificates):
    root = Root(path)
    root.write("/usr/bin/rehash_ca_certificates.sh", b"#!/bin/sh\n", 0o755)
    root.write("/etc/os-release", b"ID=photon\n")
    for name, pem in certificates:
        root.write(f"{CERTS}/{name}.pem", pem)
    root.rehash(CERTS)
    root.write("/etc/pki/tls/certs/ca-bundle.crt", b"".join(pem for _, pem in certificates))


def flatcar(path, certificates):
    root = Root(path)
    root.write("/usr/sbin/update-ca-certificates", b'#!/bin/bash\n# echo "$0 [--skip-rehash]"\n', 0o755)
    root.write("/usr/lib/os-release", b"ID=flatcar\n")
    root.link("/etc/os-release", "../usr/lib/os-release")
    for name, pem in certificates:
        root.write(f"{PACKAGES}/{name}.pem", pem)
        root.link(f"{CERTS}/{name}.pem", f"../../..{PACKAGES}/{name}.pem")
    root.rehash(CERTS)
    found = dict(certificates)
    links = sorted(name for name in os.listdir(root.local(CERTS)) if HASH_LINK.fullmatch(name))
    texts = (found[os.readlink(root.local(f"{CERTS}/{name}"))[:-4]] for name in links)
    root.write(f"{PACKAGES}/ca-certificates.crt", b"".join(texts))
    root.link(f"{CERTS}/ca-certificates.crt", f"../../..{PACKAGES}/ca-certificates.crt")


def bundle(path, certificates):
    root = Root(path)
    root.write("/etc/os-release", b'NAME="Distroless"\nID=debian\n')
    root.write(f"{CERTS}/ca-certificates.crt", b"".join(pem for _, pem in certificates), 0o555)


SIMPLE_FAMILIES = {"alpine": alpine, "photon": photon, "flatcar": flatcar, "bundle": bundle}


def public_roots(directory):
    """The certificates that Debian's package brings, by name, in the order of the names."""
    found = []
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), "rb") as file:
            found.append((name.removesuffix(".crt"), file.read()))
    return found
