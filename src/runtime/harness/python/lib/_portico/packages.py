"""Prepares the interpreter of a package set. Called when its snapshot is made."""
import importlib
import os
import shutil
import sys

from .seeds import find_generators

_LIBRARY = "/lib/portico"
# The JavaScript side lays the packages out there.
_SITE = "/lib/packages"


def make_room(modules):
    """Adds the packages to the path. Built-in packages that the set has itself, such as flask, give up their names to them.

    The harness keeps its own, under another name.
    """
    sys.path.append(_SITE)
    for name in modules:
        folder = "%s/%s" % (_LIBRARY, name)
        if not os.path.isdir(folder):
            continue
        for module in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
            sys.modules["_portico." + module] = sys.modules.pop(module)
        shutil.rmtree(folder)
    importlib.invalidate_caches()


def preload(modules):
    """Imports modules, which are then in the snapshot, and leaves nothing of the build in it."""
    for module in modules:
        importlib.import_module(module)
    find_generators()
