"""Dicts with several values for a key."""
from .exceptions import BadRequestKeyError
from .unavailable import without

_MISSING = object()


def pairs_of(items):
    """Returns the (key, value) pairs of a mapping (a list or tuple as a value means several), of pairs, or of nothing."""
    if items is None:
        return
    for key, value in items.items(multi=True) if hasattr(items, "getlist") else getattr(items, "items", lambda: items)():
        if isinstance(value, (list, tuple)):
            for one in value:
                yield key, one
        else:
            yield key, value


@without({"setlistdefault": "Use setlist."})
class MultiDict(dict):
    """A dict of the first values; getlist() returns all. A missing key is the caller's error: 400, unless it is caught as KeyError."""

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

    def listvalues(self):
        return [list(values) for values in self._lists.values()]

    def to_dict(self, flat=True):
        return dict(self) if flat else dict(self.lists())

    def copy(self):
        """Returns a MultiDict that can be changed."""
        return MultiDict(self._lists)

    def deepcopy(self):
        from copy import deepcopy

        return MultiDict(deepcopy(self._lists))

    def setlist(self, key, values):
        values = list(values)
        if values:
            self._lists[key] = values
            super().__setitem__(key, values[0])
        else:
            self.poplist(key)

    def __setitem__(self, key, value):
        self.setlist(key, [value])

    def add(self, key, value):
        self.setlist(key, [*self._lists.get(key, ()), value])

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, mapping):
        """Adds the values to those of the same key."""
        for key, value in pairs_of(mapping):
            self.add(key, value)

    def poplist(self, key):
        super().pop(key, None)
        return self._lists.pop(key, [])

    def pop(self, key, default=_MISSING):
        if key not in self and default is not _MISSING:
            return default
        value = self[key]
        self.poplist(key)
        return value

    def __delitem__(self, key):
        super().__delitem__(key)
        del self._lists[key]

    def popitemlist(self):
        key, _ = super().popitem()
        return key, self._lists.pop(key)

    def popitem(self):
        key, values = self.popitemlist()
        return key, values[0]

    def clear(self):
        super().clear()
        self._lists.clear()

    def __or__(self, other):
        both = self.copy()
        both.update(other)
        return both

    def __ior__(self, other):
        self.update(other)
        return self

    def __eq__(self, other):
        return self._lists == other._lists if isinstance(other, MultiDict) else super().__eq__(other)

    def __ne__(self, other):
        return not self == other

    def __reduce__(self):
        return type(self), (self._lists,)

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, self.items(multi=True))


class ImmutableMultiDict(MultiDict):
    """Data of a request. copy() returns a MultiDict that can be changed."""

    def _immutable(self, *args, **kwargs):
        raise TypeError("data of the request cannot be changed; use copy() for a MultiDict or to_dict() for a dict")

    __setitem__ = __delitem__ = __ior__ = add = setlist = setdefault = update = pop = popitem = _immutable
    poplist = popitemlist = clear = _immutable
