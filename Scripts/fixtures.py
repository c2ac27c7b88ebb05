"""The roots of Tests/Fixtures, which are text files, as real ones on the disk."""

import base64
import os
import pathlib
import re

DIRECTORY = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"


class Fixture:
    """`STORE/NAME.txtar`: a root as it is before an anchor is trusted, and the plan that comes of it."""

    def __init__(self, file):
        self.store, self.name = file.parent.name, f"{file.parent.name}/{file.stem}"
        self.sections = {}
        name = None
        for line in file.read_text().splitlines(keepends=True):
            if line.startswith("-- ") and line.endswith(" --\n"):
                name = line[3:-4]
                self.sections[name] = ""
            elif name is not None:
                self.sections[name] += line

    @classmethod
    def all(cls):
        """Each store's first root, then the variants."""
        files = sorted(DIRECTORY.glob("*/*.txtar"), key=lambda file: (file.stem != "trust", file))
        return [cls(file) for file in files]

    @property
    def anchor(self):
        return self.sections["anchor"]

    @property
    def is_changed(self):
        """Whether trusting the anchor changes anything in this root."""
        return any(name.startswith("after/") for name in self.sections)

    def unpack(self, root):
        """Makes the root in an empty directory; all of it is the user's, and of one time."""
        directories = {root: 0o755}
        for name, text in self.sections.items():
            match = re.fullmatch(r"before(/.*?)(?: -> (.*)|(?: mode=(\d+))?( base64)?)", name)
            if not match:
                continue
            path, target, mode, encoded = match.groups()
            path = root + path
            parent = os.path.dirname(path.rstrip("/"))
            os.makedirs(parent, exist_ok=True)
            if target is not None:
                os.symlink(target, path)
            elif path.endswith("/"):
                os.makedirs(path, exist_ok=True)
                directories[path.rstrip("/")] = int(mode or "755", 8)
            else:
                with open(path, "wb") as file:
                    file.write(base64.b64decode(text) if encoded else text.encode())
                os.chmod(path, int(mode or "644", 8))
        for path, mode in directories.items():
            os.chmod(path, mode)
        for directory, names, files in os.walk(root, topdown=False):
            for name in [*files, *names]:
                os.utime(os.path.join(directory, name), (10**9, 10**9), follow_symlinks=False)
        os.utime(root, (10**9, 10**9))
