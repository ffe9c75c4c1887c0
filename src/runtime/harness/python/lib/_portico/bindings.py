"""Determines what a source sets its entry to, as far as a static check can tell."""
import ast
import builtins

_UNKNOWN, _FUNCTION = object(), object()
# Names that a script sees without defining them: Peliqan's globals, and what a module has.
_GIVEN = {*dir(builtins), "request", "pq", "tables", "__name__", "__file__", "__doc__", "__builtins__"}
# A script that uses one of these may define names that a static check does not find.
_DYNAMIC = {"exec", "eval", "globals", "locals", "vars", "setattr", "__dict__", "modules"}
_KINDS = {
    ast.List: "a list",
    ast.ListComp: "a list",
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.Tuple: "a tuple",
    ast.GeneratorExp: "a generator",
    ast.JoinedStr: "text",
}


class BindingError(Exception):
    """An entry that cannot be a function: `message`, and `node` for its place."""

    def __init__(self, message, node):
        super().__init__(message)
        self.message, self.node = message, node


def find_form(tree):
    """Returns "request" when the script defines `handler`, "named" when it sets `result`, None when it does neither.

    Raises BindingError when the last assignment of that name certainly does not leave a function there.
    """
    errors = []
    for name, form in (("handler", "request"), ("result", "named")):
        if name in defined(tree.body):
            try:
                _expect_function(tree, name)
                return form
            except BindingError as error:
                errors.append(error)
    if errors:
        raise errors[0]
    return None


def defined(statements):
    """Returns the names that a block can bind at module level, also under if, try, with, for, while and match."""
    names = set()
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
            continue
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in statement.names)
            continue
        if isinstance(statement, ast.AnnAssign) and statement.value is None:
            continue
        for node in ast.iter_child_nodes(statement):
            if isinstance(node, (ast.expr, ast.withitem, ast.match_case)):
                names |= _stored(node)
        for field in ("body", "orelse", "finalbody"):
            names |= defined(getattr(statement, field, ()))
        for branch in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            names |= defined(branch.body)
    return names


def _stored(node):
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def _expect_function(tree, name):
    if _may_hide_names(tree) or any(name in node.names for node in ast.walk(tree) if isinstance(node, ast.Global)):
        return
    statement, value = _last(tree.body, name)
    if value in (_UNKNOWN, _FUNCTION):
        return
    if value is None:
        raise BindingError("`%s` is deleted here; the script must leave a function in it" % name, statement)
    if isinstance(value, ast.alias):
        raise BindingError("`%s` is a module here; it must be a function" % name, statement)
    if isinstance(value, ast.Name):
        _expect_defined(tree, name, value)
    kind = _plain_kind(value)
    if kind is not None:
        raise BindingError("`%s` is set to %s here; it must be a function" % (name, kind), value)


def _may_hide_names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return True
        if isinstance(node, ast.Name) and node.id in _DYNAMIC or isinstance(node, ast.Attribute) and node.attr in _DYNAMIC:
            return True
    return False


def _expect_defined(tree, name, value):
    """Follows `result = other`."""
    made = {other for node in ast.walk(tree) if isinstance(node, ast.Global) for other in node.names} | defined(tree.body)
    if value.id not in made | _GIVEN:
        raise BindingError("`%s` is set to `%s`, which the script does not define" % (name, value.id), value)
    bound = [node for statement in tree.body for node in (_effect(statement, value.id),) if node is not None]
    if len(bound) == 1 and isinstance(bound[0], ast.expr):
        kind = _plain_kind(bound[0])
        if kind is not None:
            raise BindingError("`%s` is set to `%s`, which is %s; it must be a function" % (name, value.id, kind), value)


_DELETED = object()


def _last(statements, name):
    """Returns (statement, value) of the last binding of a name: an expression, an alias, None for a deletion, or one of the marks."""
    for statement in reversed(statements):
        effect = _effect(statement, name)
        if effect is not None:
            return statement, None if effect is _DELETED else effect
    return None, _UNKNOWN


def _effect(statement, name):
    """Returns the effect of a statement at module level on a name; None when it has none."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (_UNKNOWN if statement.decorator_list else _FUNCTION) if statement.name == name else None
    if isinstance(statement, ast.Import):
        return next((alias for alias in statement.names if (alias.asname or alias.name.partition(".")[0]) == name), None)
    if isinstance(statement, ast.Delete):
        return _DELETED if any(isinstance(target, ast.Name) and target.id == name for target in statement.targets) else None
    value = _assigned(statement, name)
    if value is not None:
        return value
    deleted = {part.id for part in ast.walk(statement) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del)}
    return _UNKNOWN if name in defined([statement]) | deleted else None


def _assigned(statement, name):
    """Returns the expression of `name = …`, also with a type, and of a walrus that is a statement."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.NamedExpr):
        statement = statement.value
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return statement.value
    return None


def _plain_kind(node):
    """Names the kind of a value that is certainly not a function; None for one that may be a function."""
    if isinstance(node, ast.Constant):
        if node.value is None or isinstance(node.value, bool):
            return repr(node.value)
        return "text" if isinstance(node.value, str) else "a number" if isinstance(node.value, (int, float, complex)) else "bytes"
    if type(node) in _KINDS:
        return _KINDS[type(node)]
    if isinstance(node, ast.UnaryOp):
        return _plain_kind(node.operand)
    if isinstance(node, ast.BinOp) and _plain_kind(node.left) and _plain_kind(node.right):
        return "a value"
    return None
