"""What can be said about a source when it is saved, without running any of it."""
import ast
import importlib.util
import json
import warnings

from _portico.mentions import mentions


def check(source):
    """JSON text: {"ok": true, "form", "missing", "mentions"} or {"ok": false, "line", "column", "message"}.

    Lines count from 1, columns from 0. `form` is "request" when the script defines `handler`, "named" when it sets `result`,
    None when it does neither. `missing` lists imports that this runtime does not have: [{module, line, column}].
    `mentions` lists what it names of tables, hosts and secrets.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source, "handler.py")
            compile(source, "handler.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return _fault(error.lineno, (error.offset or 1) - 1, error.msg)
    except (MemoryError, RecursionError):
        return _fault(1, 0, "too deeply nested to be compiled")
    except ValueError as error:  # a null character, half of a surrogate pair
        return _fault(1, 0, str(error))
    names = _defined(tree.body)
    form = "request" if "handler" in names else "named" if "result" in names else None
    return json.dumps({"ok": True, "form": form, "missing": _missing(tree), "mentions": mentions(tree)})


def _fault(line, column, message):
    return json.dumps({"ok": False, "line": max(1, line or 1), "column": max(0, column), "message": message})


def _defined(statements):
    """Names that a block can bind at module level, also under if, try, with, for, while and match."""
    names = set()
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
            continue
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name for alias in statement.names)
            continue
        for node in ast.iter_child_nodes(statement):
            if isinstance(node, ast.expr):
                names.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
        for field in ("body", "orelse", "finalbody"):
            names |= _defined(getattr(statement, field, ()))
        for branch in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            names |= _defined(branch.body)
    return names


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
