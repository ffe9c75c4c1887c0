"""Cookies of requests and responses."""
from datetime import timedelta

from .fields import http_date


def cookie_of(key, value, max_age, expires, path, samesite):
    """Returns a Set-Cookie header. max_age: seconds or timedelta. expires: anything http_date() takes, or text."""
    if isinstance(max_age, timedelta):
        max_age = int(max_age.total_seconds())
    if expires is not None and not isinstance(expires, str):
        expires = http_date(expires)
    options = (("Max-Age", max_age), ("Expires", expires), ("Path", path), ("SameSite", samesite))
    return "; ".join(["%s=%s" % (key, value), *("%s=%s" % option for option in options if option[1] is not None)])


def cookies_of(header):
    """Returns the (name, value) pairs of a Cookie header."""
    pairs = (pair.strip().partition("=") for pair in (header or "").split(";"))
    return [(name.strip(), value.strip().strip('"')) for name, equals, value in pairs if equals]
