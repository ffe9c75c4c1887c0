"""Checks a source when it is saved, without running any of it."""
import ast
import importlib.util
import json
import sys
import warnings

from .bindings import BindingError, find_form
from .folder import find_modules
from .mentions import mentions
from .script import ALIASES

# Modules of this service, and of the interpreter.
_OURS = {"flask", "portico", "pq", "tables", "_portico", "_handler", "js", "pyodide", "pyodide_js"}

_TOO_DEEP = "too deeply nested to compile"


class _Fault(Exception):
    def __init__(self, line, column, message, code="syntax"):
        super().__init__(message)
        self.fields = {"code": code, "line": max(1, line or 1), "column": max(0, column), "message": message}


def check(source, folder=""):
    """Returns JSON text: {"ok": true, "form", "missing", "mentions"} or
    {"ok": false, "code", "file", "line", "column", "message"}; `code` is "export" when the entry is not a function, and "import" for a file
    whose name Python has. `folder` is JSON text of {entry, modules}, its other sources by their paths, or empty.

    Lines count from 1, columns from 0; those of `source` have no `file`. `form` is "request" when the script defines `handler`, "named" when it
    sets `result`, None when it does neither. `missing` lists imports that this runtime does not have, and packages
    behind Pyplan's names: [{file, module, line, column}].
    `mentions` lists the tables, hosts and secrets that it names.
    """
    entry, modules = json.loads(folder).values() if folder else ("", {})
    names = find_modules([entry.rpartition("/")[2], *modules]) if folder else {}
    found = {"ok": True, "missing": [], "mentions": []}
    for file, text in [(None, source), *modules.items()]:
        place = {} if file is None else {"file": file}
        try:
            if file is not None:
                _check_name(file)
            tree = _parse(text)
            if file is None:
                found["form"] = find_form(tree)
                found["missing"] += _missing_aliases(tree)
            found["missing"] += [{**place, **one} for one in _missing(tree, file, names)]
            found["mentions"] += [{**place, **one} for one in mentions(tree)]
        except _Fault as fault:
            return json.dumps({"ok": False, **place, **fault.fields})
        except BindingError as error:
            fault = _Fault(error.node.lineno, error.node.col_offset, error.message, "export")
            return json.dumps({"ok": False, **place, **fault.fields})
        except RecursionError:
            return json.dumps({"ok": False, **place, **_Fault(1, 0, _TOO_DEEP).fields})
    return json.dumps(found)


def _check_name(file):
    top = file.partition("/")[0].removesuffix(".py")
    if top in _OURS or top in sys.stdlib_module_names:
        raise _Fault(1, 0, "%s is the name of a module of Python or of this service: rename the file" % top, "import")


def _parse(source):
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source, "handler.py")
            compile(source, "handler.py", "exec", dont_inherit=True)
            return tree
    except SyntaxError as error:
        raise _Fault(error.lineno, (error.offset or 1) - 1, error.msg) from None
    except MemoryError:  # of the parser, too, whose stack has a limit
        raise _Fault(1, 0, "too large or too deeply nested to compile") from None
    except ValueError as error:  # a null character, a lone surrogate
        raise _Fault(1, 0, str(error)) from None


# A save shows no more.
_MAX_MISSING = 200


def _missing(tree, file, names):
    found = []
    for node in ast.walk(tree):
        if len(found) >= _MAX_MISSING:
            break
        modules = ()
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["." * node.level + (node.module or "")]
        for module in modules:
            there = _is_beside(module, file, names) if module.startswith(".") else _exists(module.partition(".")[0], names)
            if not there:
                found.append({"module": module, "line": node.lineno, "column": node.col_offset})
    return found


def _missing_aliases(tree):
    """Returns the packages behind Pyplan's names (`pd`) that the script uses without an import, at the first use of each."""
    bound, used = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.setdefault(node.id, node)
        elif isinstance(node, ast.Name):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
    return [
        {"module": module, "line": used[name].lineno, "column": used[name].col_offset}
        for name, module in ALIASES.items()
        if name in used and name not in bound and not _exists(module, {})
    ]


def _exists(module, names):
    try:
        return module in names or importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _is_beside(module, file, names):
    """Returns True when a relative import can find its module. A script of one file has none beside it."""
    rest = module.lstrip(".")
    folders = (file or "").split("/")[:-1]
    above = len(module) - len(rest) - 1
    if not names or above > len(folders):
        return False
    place = folders[: len(folders) - above]
    return not rest or ".".join([*place, rest]) in names
