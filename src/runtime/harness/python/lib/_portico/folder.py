"""The other files of a handler, imported from memory: by name, as a script imports what lies beside it, or relatively.

A file is one module however it is imported. Its own name is `_handler.<name>`, which relative imports need; `<name>` finds the same one.
"""
import importlib
import sys
from importlib.machinery import ModuleSpec

from .script import keep_lines

PACKAGE = "_handler"


def provide(file, modules):
    """Makes the modules of a folder importable. Returns the spec of the folder as a package, for its entry `file`."""
    folder, _, entry = file.rpartition("/")
    sys.meta_path.insert(0, _Finder(folder, entry.removesuffix(".py"), modules))
    return ModuleSpec(PACKAGE, None, is_package=True)


def find_modules(paths):
    """Returns paths by the dotted names of modules; None for a folder without `__init__.py`."""
    found = {}
    for path in paths:
        *folders, file = path.removesuffix(".py").split("/")
        for depth in range(1, len(folders) + 1):
            found.setdefault(".".join(folders[:depth]), None)
        name = ".".join(folders if file == "__init__" else [*folders, file])
        if name:
            found[name] = path
    return found


def is_package(path):
    return path is None or path.endswith("__init__.py")


class _Finder:
    def __init__(self, folder, entry, modules):
        self._folder, self._entry, self._modules = folder, entry, modules
        self._paths = find_modules(modules)

    def find_spec(self, name, path=None, target=None):
        own = name.removeprefix(PACKAGE + ".")
        if own == self._entry:
            return ModuleSpec(name, _Alias(PACKAGE))
        if own not in self._paths:
            return None
        place = self._paths[own]
        if own == name:
            return ModuleSpec(name, _Alias(PACKAGE + "." + own), is_package=is_package(place))
        file = "%s/%s" % (self._folder, place) if place else None
        source = self._modules[place] if place else ""
        return ModuleSpec(name, _Source(file, source), origin=file, is_package=is_package(place))


class _Source:
    """Runs a file."""

    def __init__(self, file, source):
        self._file, self._source = file, source

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if self._file is None:
            return
        module.__file__ = self._file
        keep_lines(self._source, self._file)
        exec(compile(self._source, self._file, "exec", dont_inherit=True), module.__dict__)


class _Alias:
    """Finds a module under another name."""

    def __init__(self, name):
        self._name = name

    def create_module(self, spec):
        module = importlib.import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module):
        # The import has set that of the other name, by which relative imports would be resolved.
        module.__spec__ = self._spec
