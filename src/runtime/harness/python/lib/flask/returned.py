"""The forms of a handler's result: a value, or a tuple of it with a status and headers."""
from .datastructures import Headers


def unpack(value, strict):
    """Returns (value, status or None, headers) of a returned value.

    `value, status`, `value, headers` and `value, status, headers` are tuples as in flask; a status may be "404 NOT FOUND".
    `strict`, for handlers, treats every tuple of that form as one. For a function called by name only a status of 200-599 makes it one, so
    that a pair of numbers stays a pair of numbers.
    """
    if not isinstance(value, tuple) or len(value) not in (2, 3):
        return value, None, Headers()
    first, second, *rest = value
    if _is_status(second, strict):
        if not rest or rest[0] is None or _is_headers(rest[0]):
            return first, _status_number(second), Headers(rest[0] if rest else None)
    elif strict and not rest and _is_headers(second):
        return first, None, Headers(second)
    return value, None, Headers()


def _is_status(value, strict):
    if isinstance(value, str):
        return strict and value[:3].isdigit()
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return strict or 200 <= value <= 599


def _status_number(value):
    return int(value[:3]) if isinstance(value, str) else int(value)


def _is_headers(value):
    """Returns True for a mapping, or pairs that begin with a name, as flask accepts them."""
    if isinstance(value, (dict, Headers)):
        return True
    if not isinstance(value, (list, tuple)):
        return False
    return all(isinstance(item, (list, tuple)) and len(item) == 2 and isinstance(item[0], str) for item in value)
