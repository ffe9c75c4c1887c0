"""The user's module, loaded once per interpreter, and the parameters of its entry."""
import importlib
import inspect
import io
import linecache
import sys
import types
from importlib.util import find_spec, module_from_spec

MODULE = "handler"
# Names that Pyplan gives its nodes without an import.
ALIASES = {"pd": "pandas", "np": "numpy", "xr": "xarray", "cp": "cubepy"}
# Issues in one refusal.
MAX_ISSUES = 100


class BadArguments(Exception):
    """The caller's parameters do not fit the function. `issues` is a list of {code, pointer, message}."""

    def __init__(self, issues):
        super().__init__("; ".join(issue["message"] for issue in issues))
        self.issues = issues


def keep_lines(source, file):
    """Keeps the lines of a source for tracebacks, split as Python splits them: str.splitlines would also split at a form feed."""
    lines = io.StringIO(source, newline=None).readlines()
    linecache.cache[file] = (len(source), None, lines, file)


def load(source, file, package=None):
    """Runs the module. Its exceptions are the user's; the next call tries again. `package` is the spec of the folder that it is the entry of."""
    keep_lines(source, file)
    module = types.ModuleType(MODULE) if package is None else module_from_spec(package)
    module.__file__ = file
    sys.modules[module.__name__] = module
    try:
        code = compile(source, file, "exec", dont_inherit=True)
        give_aliases(code, module.__dict__)
        exec(code, module.__dict__)
    except BaseException:
        del sys.modules[module.__name__]
        raise
    return module


def give_aliases(code, names):
    """Imports the packages behind Pyplan's names, where the script uses them without an import and its packages have them."""
    for alias in ALIASES.keys() & _names_of(code):
        if find_spec(ALIASES[alias]) is not None:
            names[alias] = importlib.import_module(ALIASES[alias])


def _names_of(code):
    """Returns the global names that a code object and those inside it use."""
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return set(code.co_names).union(*map(_names_of, inner))


def forget(module):
    """Releases the user's module and, of a folder, the other files that it imported."""
    own = {id(module)} if module.__name__ == MODULE else {id(value) for name, value in sys.modules.items() if _is_in(name, module)}
    for name in [name for name, value in sys.modules.items() if id(value) in own]:
        del sys.modules[name]


def _is_in(name, package):
    return name == package.__name__ or name.startswith(package.__name__ + ".")


class Entry:
    """A function of the user's module and its signature, inspected once."""

    def __init__(self, module, name):
        self.call = getattr(module, name, None)
        if not callable(self.call):
            what = "does not define" if self.call is None else "has no function in"
            raise NameError("%s %s %r" % (module.__file__, what, name))
        self.by_position, self.by_name, self.required = [], set(), set()
        self.takes_any_position = self.takes_any_name = False
        try:
            parameters = inspect.signature(self.call).parameters.values()
        except (TypeError, ValueError):  # a function written in C without a signature: it checks its own arguments
            self.takes_any_position = self.takes_any_name = True
            return
        for parameter in parameters:
            self._add(parameter)

    def _add(self, parameter):
        if parameter.kind is parameter.VAR_POSITIONAL:
            self.takes_any_position = True
        elif parameter.kind is parameter.VAR_KEYWORD:
            self.takes_any_name = True
        else:
            if parameter.kind is parameter.POSITIONAL_ONLY:
                self.by_position.append(parameter.name)
            self.by_name.add(parameter.name)
            if parameter.default is parameter.empty:
                self.required.add(parameter.name)
            if parameter.kind is not parameter.KEYWORD_ONLY and self._first is None:
                self._first = parameter.name

    # The name of the first parameter that can be given by position.
    _first = None

    @property
    def takes_request(self):
        return self._first is not None or self.takes_any_position

    def feed(self, params):
        """Calls with parameters by name. Raises BadArguments for missing or unexpected ones, before the function starts."""
        self._check(params, self.required, not self.takes_any_name)
        if not self.by_position:
            return self.call(**params)
        rest = dict(params)
        given = [rest.pop(name) for name in self.by_position if name in rest]
        return self.call(*given, **rest)

    def handle(self, request, params):
        """Calls with the request, and with those declared parameters that the handler names or accepts as **kwargs."""
        if not self.takes_request:
            return self.call()
        fitting = {
            name: value for name, value in params.items() if name != self._first and (self.takes_any_name or name in self.by_name)
        }
        self._check(fitting, self.required - {self._first}, False)
        return self.call(request, **fitting)

    def _check(self, params, required, closed):
        issues = [_issue("missing_parameter", name, "missing") for name in sorted(required - params.keys())]
        if closed:
            issues += [_issue("unexpected_parameter", name, "unexpected") for name in params if name not in self.by_name]
        if issues:
            raise BadArguments(issues[:MAX_ISSUES])


def _issue(code, name, word):
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    return {"code": code, "pointer": pointer, "message": "%s parameter %r" % (word, name)}
