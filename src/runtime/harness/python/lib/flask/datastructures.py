"""Headers, MultiDict and FileStorage, with the methods that handlers use."""
import io


def _pairs(items):
    """(key, value) pairs of a mapping (a list or tuple as a value stands for several), of pairs, or of nothing."""
    if items is None:
        return
    for key, value in items.items(multi=True) if isinstance(items, (Headers, MultiDict)) else getattr(items, "items", lambda: items)():
        if isinstance(value, (list, tuple)):
            for one in value:
                yield key, one
        else:
            yield key, value


class Headers:
    """Ordered, several values for a name possible, names compared without case."""

    def __init__(self, defaults=None):
        self._items = [self._checked(name, value) for name, value in _pairs(defaults)]

    @staticmethod
    def _checked(name, value):
        name, value = str(name), str(value)
        if any(end in name or end in value for end in "\r\n"):
            raise ValueError("header names and values must not contain line breaks")
        return name, value

    def get(self, key, default=None, type=None):
        for name, value in self._items:
            if name.lower() == key.lower():
                try:
                    return value if type is None else type(value)
                except (TypeError, ValueError):
                    return default
        return default

    def getlist(self, key):
        return [value for name, value in self._items if name.lower() == key.lower()]

    get_all = getlist

    def set(self, key, value):
        item = self._checked(key, value)
        self.remove(key)
        self._items.append(item)

    def add(self, key, value):
        self._items.append(self._checked(key, value))

    def setdefault(self, key, value):
        if key not in self:
            self.set(key, value)
        return self[key]

    def extend(self, *args, **kwargs):
        for items in (*args, kwargs):
            for key, value in _pairs(items):
                self.add(key, value)

    def update(self, *args, **kwargs):
        for items in (*args, kwargs):
            pairs = list(_pairs(items))
            for key, _ in pairs:
                self.remove(key)
            for key, value in pairs:
                self.add(key, value)

    def remove(self, key):
        self._items = [item for item in self._items if item[0].lower() != key.lower()]

    def pop(self, key, default=None):
        value = self.get(key, default)
        self.remove(key)
        return value

    def items(self, multi=True):
        return list(self._items)

    to_wsgi_list = items

    def keys(self):
        return [name for name, _ in self._items]

    def values(self):
        return [value for _, value in self._items]

    def __getitem__(self, key):
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    __setitem__ = set
    __delitem__ = remove

    def __contains__(self, key):
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self):
        return iter(self.items())

    def __len__(self):
        return len(self._items)

    def __eq__(self, other):
        return isinstance(other, Headers) and other._items == self._items

    def __repr__(self):
        return "Headers(%r)" % (self._items,)


class MultiDict(dict):
    """A dict of the first values; getlist() gives all. A missing key is the caller's fault: 400, unless it is caught as KeyError."""

    def __init__(self, mapping=None):
        self._lists = {}
        for key, value in _pairs(mapping):
            self._lists.setdefault(key, []).append(value)
        super().__init__({key: values[0] for key, values in self._lists.items()})

    def __missing__(self, key):
        from .exceptions import BadRequestKeyError

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


class FileStorage:
    """A file of a multipart body, in memory."""

    def __init__(self, content, filename="", name="", content_type="application/octet-stream"):
        self.stream, self.filename, self.name, self.content_type = io.BytesIO(content), filename, name, content_type
        self.content_length = len(content)

    @property
    def mimetype(self):
        return self.content_type.partition(";")[0].strip().lower()

    def save(self, target):
        """Writes to a file object or a path of the isolate's own, passing file system."""
        if hasattr(target, "write"):
            target.write(self.stream.getbuffer())
            return
        with open(target, "wb") as file:
            file.write(self.stream.getbuffer())

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __iter__(self):
        return iter(self.stream)

    def __bool__(self):
        return bool(self.filename)

    def __repr__(self):
        return "<FileStorage: %r (%r)>" % (self.filename, self.content_type)
