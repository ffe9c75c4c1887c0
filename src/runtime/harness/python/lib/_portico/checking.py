"""Checks a source when it is saved, without running any of it."""
import ast
import importlib.util
import json
import warnings

from .bindings import BindingError, find_form
from .mentions import mentions


def check(source):
    """Returns JSON text: {"ok": true, "form", "missing", "mentions"} or
    {"ok": false, "code", "line", "column", "message"}; `code` is "export" when the entry is not a function.

    Lines count from 1, columns from 0. `form` is "request" when the script defines `handler`, "named" when it sets `result`,
    None when it does neither. `missing` lists imports that this runtime does not have: [{module, line, column}].
    `mentions` lists the tables, hosts and secrets that it names.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source, "handler.py")
            compile(source, "handler.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return _issue(error.lineno, (error.offset or 1) - 1, error.msg)
    except (MemoryError, RecursionError):
        return _issue(1, 0, "too deeply nested to compile")
    except ValueError as error:  # a null character, a lone surrogate
        return _issue(1, 0, str(error))
    try:
        form = find_form(tree)
    except BindingError as error:
        return _issue(error.node.lineno, error.node.col_offset, error.message, "export")
    return json.dumps({"ok": True, "form": form, "missing": _missing(tree), "mentions": mentions(tree)})


def _issue(line, column, message, code="syntax"):
    return json.dumps({"ok": False, "code": code, "line": max(1, line or 1), "column": max(0, column), "message": message})


def _missing(tree):
    found = []
    for node in ast.walk(tree):
        modules = ()
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module]
        for module in modules:
            if not _exists(module.partition(".")[0]):
                found.append({"module": module, "line": node.lineno, "column": node.col_offset})
    return found


def _exists(module):
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
