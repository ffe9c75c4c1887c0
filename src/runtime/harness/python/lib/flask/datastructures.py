"""Headers and FileStorage, with the methods that handlers use."""
import io

from .multidict import pairs_of


class Headers:
    """Ordered, several values for a name possible, names compared without case."""

    def __init__(self, defaults=None):
        self._items = [self._checked(name, value) for name, value in pairs_of(defaults)]

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
            for key, value in pairs_of(items):
                self.add(key, value)

    def update(self, *args, **kwargs):
        for items in (*args, kwargs):
            pairs = list(pairs_of(items))
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
