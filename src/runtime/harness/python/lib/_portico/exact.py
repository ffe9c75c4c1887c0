"""Values that JSON would change on the way, found before anything is sent."""
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
# Characters of one text: twice as many bytes fit into a call of the platform, which takes 32 MiB.
MAX_CHARS = 15_000_000

_TIMES = (datetime.date, datetime.time, uuid.UUID)


class NotExact(ValueError):
    """A value that JSON would change or that has no JSON form. `path` leads to it, `what` tells what it is and what to write instead."""

    def __init__(self, path, what):
        super().__init__("%s %s" % (show(path) or "the argument", what))
        self.path, self.what = path, what


def show(path):
    """A path as code: rows[0]['price']. Long ones lose their middle."""
    text = "".join(str(part) if i == 0 else "[%s]" % repr(part)[:66] for i, part in enumerate(path))
    return text if len(text) <= 200 else text[:120] + "…" + text[-60:]


def expect_exact(value, *path):
    """Raises NotExact for the first part of `value` that would not arrive as it is; `path` is where the value is, for the message.

    Dates, times and UUIDs are their text, tuples are lists, dataclasses are dicts, as in `jsontext`.
    """
    _Check().look(value, path, 0)


class _Check:
    __slots__ = ("left",)

    def __init__(self):
        self.left = MAX_CHARS

    def look(self, value, path, level):
        if value is None or value is True or value is False:
            self.left -= 5
        elif isinstance(value, str):
            self.text(value, path)
        elif isinstance(value, int):
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                raise NotExact(path, "is an integer beyond 2**53 - 1; write str(x) for its digits, or float(x) for the nearest number")
            self.left -= 8
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise NotExact(path, "is %r; write a finite number, or None for no value" % float(value))
            self.left -= 8
        elif isinstance(value, _TIMES):
            self.left -= 36
        else:
            self.compound(value, path, level)
        if self.left < 0:
            raise NotExact(path[:1], "has more than %d characters as JSON; send it in parts" % MAX_CHARS)

    def text(self, value, path):
        try:
            if not value.isascii():
                value.encode()
        except UnicodeEncodeError:
            raise NotExact(path, "has half of a surrogate pair; write well-formed text") from None
        self.left -= len(value) + 2

    def compound(self, value, path, level):
        if level >= MAX_LEVELS:
            raise NotExact(path, "nests deeper than 64 levels, or contains itself; write it flatter")
        self.left -= 6
        if isinstance(value, dict):
            for name, item in value.items():
                if not isinstance(name, str):
                    raise NotExact((*path, name), "has a name that is no text (%s); write str(x)" % type(name).__name__)
                self.text(name, (*path, name))
                self.look(item, (*path, name), level + 1)
        elif isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            for position, item in enumerate(value):
                self.look(item, (*path, position), level + 1)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                self.look(getattr(value, field.name), (*path, field.name), level + 1)
        else:
            raise NotExact(path, "is %s; %s" % (_kind(value), _instead(value)))


def _kind(value):
    name = ("the class " + value.__name__) if isinstance(value, type) else type(value).__name__
    return name if isinstance(value, type) else ("an " if name[:1].lower() in "aeio" else "a ") + name


def _instead(value):
    if isinstance(value, decimal.Decimal):
        return "write float(x) for a number, or str(x) for a text"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "write a text, such as base64.b64encode(x).decode()"
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
    return "write a text, a number, a list or a dict, such as vars(x)"
