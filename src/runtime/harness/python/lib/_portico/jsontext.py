"""Reads and writes JSON."""
import dataclasses
import datetime
import decimal
import json
import re
import uuid

# CPython's JSON scanner recurses on the machine stack, which is small in an isolate; deeper text would end the interpreter.
MAX_DEPTH = 500
# Possessive: a step back for each character would take 120 bytes of memory.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(r"[\[{\]}]")


def _too_deep(text):
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _no_constant(name):
    raise ValueError("%s is not JSON" % name)


_decode = json.JSONDecoder(parse_constant=_no_constant).decode


def loads(text):
    """Parses JSON text or bytes. Raises ValueError for anything else, NaN and Infinity included, and for depth over MAX_DEPTH."""
    if not isinstance(text, str):
        text = bytes(text).decode("utf-8-sig")
    if _too_deep(text):
        raise ValueError("the JSON is nested more than %d deep" % MAX_DEPTH)
    return _decode(text)


def _default(value):
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_default, separators=(",", ":")).encode
_encode_ascii = json.JSONEncoder(ensure_ascii=True, allow_nan=False, default=_default, separators=(",", ":")).encode


def dumps(value):
    """Returns JSON text; dates as ISO 8601, Decimal and UUID as text, dataclasses as objects. Raises ValueError for NaN and Infinity."""
    text = _encode(value)
    if text.isascii():
        return text
    try:
        text.encode()
        return text
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form, but it has an escape
        return _encode_ascii(value)
