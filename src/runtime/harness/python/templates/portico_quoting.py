"""Finds the places where a template writes the text of a parameter into a shell script unquoted."""
from jinja2 import nodes

# Filters whose result a text cannot control.
HARMLESS = {"quote", "length", "count", "wordcount", "int", "float", "abs", "round", "filesizeformat"}
MAX_PLACES = 100


def find_unquoted(tree, published):
    """Returns [[line, parameter, why]] for the parameters in `published`; why is `unquoted`, or `nested`: quoted again by hand."""
    places = _Places(frozenset(published))
    # The contents of a variable may be known only after a whole pass, as with one that a loop carries over.
    while places.look(tree):
        pass
    return sorted(places.found)[:MAX_PLACES]


class _Places:
    def __init__(self, published):
        self.published, self.found, self.held = published, set(), {}

    def look(self, tree):
        """Reads the template once. Returns True when it learned something about variables."""
        before = sum(map(len, self.held.values()))
        self.quoting = _Quoting()
        self._statements(tree.body, quoted=False)
        return sum(map(len, self.held.values())) > before

    def _statements(self, body, quoted):
        for node in body:
            self._statement(node, quoted)

    def _statement(self, node, quoted):
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData):
                    self.quoting.read(part.data)
                else:
                    self._output(part, quoted)
            return
        if isinstance(node, (nodes.Assign, nodes.For)):
            self._hold(node.target, self._holds(node.node if isinstance(node, nodes.Assign) else node.iter))
        elif isinstance(node, nodes.With):
            for target, value in zip(node.targets, node.values):
                self._hold(target, self._holds(value))
        elif isinstance(node, nodes.AssignBlock):
            written = {name for part in node.find_all(nodes.Expr) for name in self._holds(part)}
            self._hold(node.target, set() if _is_quote(node.filter) else written)
            return
        elif isinstance(node, nodes.CallBlock):
            self._output(node.call, quoted)
        quoted = quoted or isinstance(node, nodes.FilterBlock) and _is_quote(node.filter)
        for field in ("body", "elif_", "else_"):
            self._statements(getattr(node, field, None) or (), quoted)

    def _output(self, expression, quoted):
        for name in () if quoted else self._holds(expression):
            self.found.add((expression.lineno, name, "unquoted"))
        if self.quoting.open:
            for filtered in _filters(expression):
                for name in self._holds(filtered.node) if filtered.name == "quote" else ():
                    self.found.add((expression.lineno, name, "nested"))

    def _hold(self, target, names):
        kinds = (nodes.Name, nodes.NSRef)
        for name in (target,) if isinstance(target, kinds) else target.find_all(kinds):
            self.held[name.name] = self.held.get(name.name, set()) | names

    def _holds(self, node):
        """Returns the parameters whose raw text the value of an expression may contain."""
        if node is None or isinstance(node, (nodes.Compare, nodes.Test, nodes.Not)):
            return set()
        if isinstance(node, nodes.Filter) and node.name in HARMLESS:
            return set()
        if isinstance(node, nodes.Name):
            return set(self.published) if node.name == "param" else self.held.get(node.name, set())
        if isinstance(node, nodes.CondExpr):
            return self._holds(node.expr1) | self._holds(node.expr2)
        key = _parameter(node)
        if key is not None:
            return self.published & {key}
        return {name for child in node.iter_child_nodes() for name in self._holds(child)}


def _parameter(node):
    """Returns the name in `param.x`, `param['x']` or `param.get('x')`."""
    of = getattr(node, "node", None)
    if isinstance(node, nodes.Call) and isinstance(of, nodes.Getattr) and of.attr == "get" and _is_param(of.node):
        return node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], nodes.Const) else None
    if not _is_param(of):
        return None
    if isinstance(node, nodes.Getattr):
        return node.attr if not hasattr(dict, node.attr) else None
    return node.arg.value if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) else None


def _is_param(node):
    return isinstance(node, nodes.Name) and node.name == "param"


def _is_quote(node):
    return node is not None and any(one.name == "quote" for one in _filters(node))


def _filters(node):
    return [*([node] if isinstance(node, nodes.Filter) else []), *node.find_all(nodes.Filter)]


class _Quoting:
    """Tracks the quotes of a shell script; `open` is the quote at the current position, if any."""

    def __init__(self):
        self.open, self.before = "", "\n"

    def read(self, text):
        escaped = comment = False
        for char in text:
            if comment:
                comment = char != "\n"
            elif escaped:
                escaped = False
            elif char == "\\" and self.open != "'":
                escaped = True
            elif self.open:
                self.open = "" if char == self.open else self.open
            elif char in "'\"":
                self.open = char
            else:
                comment = char == "#" and self.before.isspace()
            self.before = char
