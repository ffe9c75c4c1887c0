"""Serves the package `tzdata`, from which zoneinfo reads time zones, out of one file, loaded when a program first asks for a zone.

The file is compressed: a line of JSON, {"version", "files": {path: [start, end]}}, then the bytes of the files.
"""
import io
import json
import sys
import zlib
from functools import cache
from importlib.machinery import ModuleSpec

# The JavaScript side writes it there; scripts/python/zones.ts makes it.
ARCHIVE = "/lib/zones.bin"


@cache
def _archive():
    """Returns (version, {path: bytes}) of the archive."""
    with open(ARCHIVE, "rb") as file:
        head, _, content = zlib.decompress(file.read()).partition(b"\n")
    head = json.loads(head)
    return head["version"], {path: content[start:end] for path, (start, end) in head["files"].items()}


class _Place:
    """A file or folder of the package, as importlib.resources expects it."""

    def __init__(self, path):
        self.path, self.name = path, path.rpartition("/")[2]

    def is_file(self):
        return self.path in _archive()[1]

    def is_dir(self):
        return any(name.startswith(self._prefix) for name in _archive()[1])

    @property
    def _prefix(self):
        return self.path and self.path + "/"

    def iterdir(self):
        below = {name[len(self._prefix) :].partition("/")[0] for name in _archive()[1] if name.startswith(self._prefix)}
        return map(self.joinpath, sorted(below))

    def joinpath(self, *names):
        return _Place(self._prefix + "/".join(names))

    __truediv__ = joinpath

    def open(self, mode="r", *args, **kwargs):
        content = io.BytesIO(self.read_bytes())
        return content if "b" in mode else io.TextIOWrapper(content, *args, **kwargs)

    def read_bytes(self):
        try:
            return _archive()[1][self.path]
        except KeyError:
            raise FileNotFoundError(2, "No such file", self.path) from None

    def read_text(self, encoding="utf-8", errors="strict"):
        return self.read_bytes().decode(encoding, errors)


class _Reader:
    def __init__(self, path):
        self.path = path

    def files(self):
        return _Place(self.path)


class _Loader:
    """Finds and loads `tzdata` and the packages of its folders."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        top, _, rest = name.partition(".")
        if top != "tzdata" or not _Place(rest.replace(".", "/")).is_dir():
            return None
        return ModuleSpec(name, cls, origin=ARCHIVE, is_package=True)

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        if module.__name__ == "tzdata":
            module.IANA_VERSION = _archive()[0]

    @staticmethod
    def get_resource_reader(name):
        return _Reader(name.partition(".")[2].replace(".", "/"))


def offer_zones():
    sys.meta_path.append(_Loader)
