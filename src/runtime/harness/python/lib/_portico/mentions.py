"""Tables, hosts and secrets that a source names: what a save warns of when it is not there or not allowed."""
import ast
import os
import re

_SECRET = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")
_TABLE = re.compile(r"(?:([a-z_][a-z0-9_]{0,62})\.)?([a-z_][a-z0-9_]{0,62})\Z")
_HOST = re.compile(r"https?://([^/?#\\@:]+)([/?#])?", re.IGNORECASE)
_FETCHES = {"fetch", "urlopen", "urlretrieve", "Request"}
_LOOKUPS = {"get", "pop"}


def mentions(tree):
    """[{kind, name, line, column}] in the order of the text; `kind` is table, host or secret. Lines count from 1, columns from 0."""
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = []
    for node in ast.walk(tree):
        for kind, name in _named(node, own):
            found.append({"kind": kind, "name": name, "line": node.lineno, "column": node.col_offset})
    return sorted(found, key=lambda mention: (mention["line"], mention["column"]))


def _named(node, own):
    if isinstance(node, ast.Attribute) and _is(node.value, "tables", own) and node.attr not in ("table", "TableError"):
        return _table(node.attr)
    if isinstance(node, ast.Subscript):
        return _secret(node.value, node.slice, own)
    if not isinstance(node, ast.Call):
        return []
    function, arguments = node.func, node.args
    name = function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    if name == "getenv":
        return _secret(function, arguments[0], own, True) if arguments else []
    if name in _LOOKUPS and isinstance(function, ast.Attribute) and arguments:
        return _secret(function.value, arguments[0], own)
    if name == "table" and isinstance(function, ast.Attribute) and _is(function.value, "tables", own):
        return _path(arguments)
    if name == "fetch" and isinstance(function, ast.Attribute) and len(arguments) == 3:
        return _path(arguments[-2:])
    return _host(arguments[0]) if name in _FETCHES and arguments else []


def _is(node, name, own):
    """`name`, or the attribute `name` of something else; not a variable that the source itself sets."""
    if isinstance(node, ast.Name):
        return node.id == name and name not in own
    return isinstance(node, ast.Attribute) and node.attr == name


def _path(arguments):
    parts = [part.value for part in arguments if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return _table(".".join(parts)) if len(parts) == len(arguments) else []


def _table(name):
    match = _TABLE.match(name)
    return [("table", "%s.%s" % (match[1] or "public", match[2]))] if match and not name.startswith("__") else []


def _secret(place, name, own, known=False):
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or not _SECRET.match(name.value):
        return []
    # os.environ has variables of its own beside the secrets.
    if _is(place, "env", own) or (known or _is(place, "environ", own)) and name.value not in os.environ:
        return [("secret", name.value)]
    return []


def _host(url):
    cut = False
    while isinstance(url, ast.BinOp) and isinstance(url.op, (ast.Add, ast.Mod)):
        url, cut = url.left, True
    if isinstance(url, ast.JoinedStr) and url.values:
        url, cut = url.values[0], True
    if not isinstance(url, ast.Constant) or not isinstance(url.value, str):
        return []
    match = _HOST.match(url.value)
    return [("host", match[1].lower())] if match and "%" not in match[1] and (match[2] or not cut) else []
