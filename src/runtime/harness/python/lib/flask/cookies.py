"""Cookies of requests and responses."""
from datetime import timedelta
import re

from .fields import http_date

_is_plain = re.compile(r"[\w!#$%&'()*+\-./:<=>?@\[\]^`{|}~]*", re.ASCII).fullmatch
_ESCAPED = re.compile(rb'[\x00-\x1f",;\\\x7f-\xff]')
_ESCAPE = re.compile(rb"\\([0-3][0-7]{2}|.)")


def _quote(value):
    """Returns a value as a cookie holds it: other characters than a token's in quotes, escaped as werkzeug does."""
    text = str(value)
    if _is_plain(text):
        return text
    escaped = _ESCAPED.sub(lambda byte: b"\\" + byte[0] if byte[0] in b'"\\' else b"\\%03o" % byte[0][0], text.encode("utf-8", "replace"))
    return '"%s"' % escaped.decode()


def _unquote(text):
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    plain = _ESCAPE.sub(lambda found: bytes([int(found[1], 8)]) if len(found[1]) == 3 else found[1], text[1:-1].encode())
    return plain.decode("utf-8", "replace")


def cookie_of(key, value, max_age, expires, path, samesite):
    """Returns a Set-Cookie header. max_age: seconds or timedelta. expires: anything http_date() takes, or text."""
    if isinstance(max_age, timedelta):
        max_age = int(max_age.total_seconds())
    if expires is not None and not isinstance(expires, str):
        expires = http_date(expires)
    options = (("Max-Age", max_age), ("Expires", expires), ("Path", path), ("SameSite", samesite))
    return "; ".join(["%s=%s" % (key, _quote(value)), *("%s=%s" % option for option in options if option[1] is not None)])


def cookies_of(header):
    """Returns the (name, value) pairs of a Cookie header."""
    pairs = (pair.strip().partition("=") for pair in (header or "").split(";"))
    return [(name.strip(), _unquote(value.strip())) for name, equals, value in pairs if equals]
