"""Dicts with several values for a key."""
from .exceptions import BadRequestKeyError


def pairs_of(items):
    """(key, value) pairs of a mapping (a list or tuple as a value stands for several), of pairs, or of nothing."""
    if items is None:
        return
    for key, value in items.items(multi=True) if hasattr(items, "getlist") else getattr(items, "items", lambda: items)():
        if isinstance(value, (list, tuple)):
            for one in value:
                yield key, one
        else:
            yield key, value


class MultiDict(dict):
    """A dict of the first values; getlist() gives all. A missing key is the caller's fault: 400, unless it is caught as KeyError."""

    def __init__(self, mapping=None):
        self._lists = {}
        for key, value in pairs_of(mapping):
            self._lists.setdefault(key, []).append(value)
        super().__init__({key: values[0] for key, values in self._lists.items()})

    def __missing__(self, key):
        raise BadRequestKeyError(key)

    def get(self, key, default=None, type=None):
        if key not in self:
            return default
        try:
            return self[key] if type is None else type(self[key])
        except (TypeError, ValueError):
            return default

    def getlist(self, key, type=None):
        found = []
        for value in self._lists.get(key, ()):
            try:
                found.append(value if type is None else type(value))
            except (TypeError, ValueError):
                continue
        return found

    def items(self, multi=False):
        if not multi:
            return super().items()
        return [(key, value) for key, values in self._lists.items() for value in values]

    def lists(self):
        return [(key, list(values)) for key, values in self._lists.items()]

    def to_dict(self, flat=True):
        return dict(self) if flat else dict(self.lists())

    def _immutable(self, *args, **kwargs):
        raise TypeError("what came with the request cannot be changed; use to_dict() for a copy")

    __setitem__ = __delitem__ = pop = popitem = setdefault = update = clear = __ior__ = _immutable

    def __repr__(self):
        return "MultiDict(%r)" % (self.items(multi=True),)
