"""Finds values that JSON would change, before anything is sent."""
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import inspect
import math
import uuid

# Integers that JSON readers keep exactly.
MAX_INTEGER = 2**53 - 1
# Levels of lists and dicts within one argument.
MAX_LEVELS = 68
# Characters of one text: twice as many bytes fit into an RPC call of the platform, which takes 32 MiB.
MAX_CHARS = 15_000_000

_TIMES = (datetime.date, datetime.time, uuid.UUID)


class NotExact(ValueError):
    """A value that JSON would change or cannot represent. `path` leads to it, `what` names it and its replacement."""

    def __init__(self, path, what):
        super().__init__("%s %s" % (show(path) or "the argument", what))
        self.path, self.what = path, what


def show(path):
    """Formats a path as code: rows[0]['price']. Cuts the middle of a long one."""
    text = "".join(str(part) if i == 0 else "[%s]" % repr(part)[:66] for i, part in enumerate(path))
    return text if len(text) <= 200 else text[:120] + "…" + text[-60:]


def expect_exact(value, *path):
    """Raises NotExact for the first part of `value` that JSON would change; `path` is the position of the value, for the message.

    Dates, times and UUIDs become text, tuples lists, dataclasses dicts, as in `jsontext`.
    """
    _Check(path).look(value)


class _Check:
    __slots__ = ("depth", "left", "path")

    def __init__(self, path):
        self.path, self.depth, self.left = list(path), len(path), MAX_CHARS

    def refuse(self, what):
        raise NotExact(tuple(self.path), what) from None

    def look(self, value):
        if value is None or value is True or value is False:
            self.left -= 5
        elif isinstance(value, str):
            self.text(value)
        elif isinstance(value, int):
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                self.refuse("is an integer beyond 2**53 - 1; write str(x) for its digits, or float(x) for the nearest number")
            self.left -= 8
        elif isinstance(value, float):
            if not math.isfinite(value):
                self.refuse("is %r; write a finite number, or None for no value" % float(value))
            self.left -= 8
        elif isinstance(value, _TIMES):
            self.left -= 36
        else:
            self.compound(value)
        if self.left < 0:
            del self.path[self.depth :]
            self.refuse("has more than %d characters as JSON; send it in parts" % MAX_CHARS)

    def text(self, value):
        try:
            if not value.isascii():
                value.encode()
        except UnicodeEncodeError:
            self.refuse("has a lone surrogate; write well-formed text")
        self.left -= len(value) + 2

    def compound(self, value):
        if len(self.path) - self.depth >= MAX_LEVELS:
            self.refuse("nests deeper than 64 levels, or contains itself; write it flatter")
        # More than its brackets: a value that contains another many times takes time without being long.
        self.left -= 24
        if isinstance(value, dict):
            self.each(value.items(), named=True)
        elif isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            self.each(enumerate(value))
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            self.each((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        else:
            self.refuse("is %s; %s" % (_kind(value), _instead(value)))

    def each(self, items, named=False):
        path = self.path
        path.append(None)
        for place, item in items:
            path[-1] = place
            if named:
                if not isinstance(place, str):
                    self.refuse("has a name that is not a str (%s); write str(x)" % type(place).__name__)
                self.text(place)
            self.look(item)
        path.pop()


def _kind(value):
    name = ("the class " + value.__name__) if isinstance(value, type) else type(value).__name__
    return name if isinstance(value, type) else ("an " if name[:1].lower() in "aeio" else "a ") + name


def _instead(value):
    if isinstance(value, decimal.Decimal):
        return "write float(x) or str(x)"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "write a str, such as base64.b64encode(x).decode()"
    if isinstance(value, enum.Enum):
        return "write x.value"
    if inspect.isawaitable(value):
        return "await it first"
    if callable(value):
        return "write the value that you mean"
    if hasattr(value, "_asdict"):
        return "write x._asdict()"
    if hasattr(value, "tolist"):
        return "write x.tolist()"
    if isinstance(value, collections.abc.Mapping) or hasattr(value, "keys"):
        return "write dict(x)"
    if isinstance(value, collections.abc.Iterable):
        return "write list(x)"
    return "write a str, a number, a list or a dict, such as vars(x)"
