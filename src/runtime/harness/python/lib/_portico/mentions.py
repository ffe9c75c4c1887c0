"""Finds the tables, hosts and secrets that a source names: a save warns about those that do not exist or are not allowed."""
import ast
import os
import re

_SECRET = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")
_TABLE = re.compile(r"(?:([a-z_][a-z0-9_]{0,62})\.)?([a-z_][a-z0-9_]{0,62})\Z")
_HOST = re.compile(r"https?://(?:[^/?#\\@]*@)?([^/?#\\@:]+)(?::[0-9]+)?([/?#])?", re.IGNORECASE)
_FETCHES = {"fetch", "urlopen", "urlretrieve", "Request"}
_LOOKUPS = {"get", "pop"}


def mentions(tree):
    """Returns [{kind, name, line, column}] in the order of the text; `kind` is table, host or secret. Lines from 1, columns from 0."""
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    constants = _constants(tree)
    found = []
    for node in ast.walk(tree):
        for kind, name in _named(node, own, constants):
            found.append({"kind": kind, "name": name, "line": node.lineno, "column": node.col_offset})
    return sorted(found, key=lambda mention: (mention["line"], mention["column"]))


def _constants(tree):
    """Returns texts by the names that hold them, where the source sets that name once."""
    held, known = {}, set()
    for node in ast.walk(tree):
        name = node.arg if isinstance(node, ast.arg) else node.id if _is_set(node) else None
        if name in known:
            held.pop(name, None)
        known.add(name)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            text, whole = _start(node.value, {})
            # Its target comes later in the walk, and is counted then.
            if whole and node.targets[0].id not in known:
                held[node.targets[0].id] = text
    return held


def _is_set(node):
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)


def _start(node, constants):
    """Returns (text, whole): the literal text that a value begins with, and whether that is all of it."""
    parts = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts.insert(0, node.right)
        node = node.left
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _start(node.left, constants)[0].split("%")[0], False
    text = ""
    for part in [node, *parts]:
        for piece in part.values if isinstance(part, ast.JoinedStr) else [part]:
            if isinstance(piece, ast.FormattedValue) and piece.format_spec is None and piece.conversion == -1:
                piece = piece.value
            known = constants.get(piece.id) if isinstance(piece, ast.Name) else getattr(piece, "value", None)
            if not isinstance(known, str):
                return text, False
            text += known
    return text, True


def _named(node, own, constants):
    if isinstance(node, ast.Attribute) and _is(node.value, "tables", own) and node.attr not in ("table", "TableError"):
        return _table(node.attr)
    if isinstance(node, ast.Subscript):
        return _secret(node.value, _start(node.slice, constants), own)
    if not isinstance(node, ast.Call):
        return []
    function, arguments = node.func, node.args
    name = function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    if name == "getenv":
        return _secret(function, _start(arguments[0], constants), own, True) if arguments else []
    if name in _LOOKUPS and isinstance(function, ast.Attribute) and arguments:
        return _secret(function.value, _start(arguments[0], constants), own)
    if name == "table" and isinstance(function, ast.Attribute) and _is(function.value, "tables", own):
        return _path(arguments, constants)
    if name == "fetch" and isinstance(function, ast.Attribute) and len(arguments) == 3:
        return _path(arguments[-2:], constants)
    return _host(arguments[0], constants) if name in _FETCHES and arguments else []


def _is(node, name, own):
    """Returns True for `name`, or the attribute `name` of something else; not for a variable that the source itself sets."""
    if isinstance(node, ast.Name):
        return node.id == name and name not in own
    return isinstance(node, ast.Attribute) and node.attr == name


def _path(arguments, constants):
    parts = [_start(part, constants) for part in arguments]
    return _table(".".join(text for text, _ in parts)) if all(whole for _, whole in parts) else []


def _table(name):
    match = _TABLE.match(name)
    return [("table", "%s.%s" % (match[1] or "public", match[2]))] if match and not name.startswith("__") else []


def _secret(place, start, own, known=False):
    name, whole = start
    if not whole or not _SECRET.match(name):
        return []
    # os.environ has variables of its own beside the secrets.
    if _is(place, "env", own) or (known or _is(place, "environ", own)) and name not in os.environ:
        return [("secret", name)]
    return []


def _host(url, constants):
    text, whole = _start(url, constants)
    match = _HOST.match(text)
    return [("host", match[1].lower())] if match and (match[2] or whole) else []
