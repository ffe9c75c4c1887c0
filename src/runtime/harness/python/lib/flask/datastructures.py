"""Headers and FileStorage."""
import io

from .fields import media_type, media_type_params, with_options
from .multidict import pairs_of


class Headers:
    """Ordered, allows several values for a name, ignores the case of names."""

    def __init__(self, defaults=None):
        self._items = [self._checked(name, value) for name, value in pairs_of(defaults)]

    @staticmethod
    def _checked(name, value):
        name, value = str(name), str(value)
        if "\n" in value or "\r" in value or "\n" in name or "\r" in name:
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

    def set(self, key, value, /, **options):
        """Replaces all values of the name, in the place of the first. `options` are appended: filename="a.csv"."""
        item = self._checked(key, with_options(value, options) if options else value)
        name = key.lower()
        for place, (found, _) in enumerate(self._items):
            if found.lower() == name:
                self._items[place:] = [item, *(other for other in self._items[place + 1 :] if other[0].lower() != name)]
                return
        self._items.append(item)

    def add(self, key, value, /, **options):
        self._items.append(self._checked(key, with_options(value, options) if options else value))

    add_header = add

    def setlist(self, key, values):
        if values:
            self.update([(key, value) for value in values])
        else:
            self.remove(key)

    def setdefault(self, key, value):
        if key not in self:
            self.set(key, value)
        return self[key]

    def setlistdefault(self, key, default):
        if key not in self:
            self.setlist(key, default)
        return self.getlist(key)

    def extend(self, *args, **kwargs):
        for items in (*args, kwargs):
            for key, value in pairs_of(items):
                self.add(key, value)

    def update(self, *args, **kwargs):
        """Replaces the values of the given names."""
        for items in (*args, kwargs):
            replaced = set()
            for key, value in pairs_of(items):
                (self.add if key.lower() in replaced else self.set)(key, value)
                replaced.add(key.lower())

    def remove(self, key):
        self._items = [item for item in self._items if item[0].lower() != key.lower()]

    def pop(self, key, default=None):
        value = self.get(key, default)
        self.remove(key)
        return value

    def popitem(self):
        return self._items.pop()

    def clear(self):
        self._items.clear()

    def copy(self):
        return type(self)(self._items)

    __copy__ = copy

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

    def __init__(self, stream=b"", filename=None, name=None, content_type=None):
        """`stream` is bytes, or a binary file object, which is read to its end."""
        content = stream if isinstance(stream, bytes) else stream.read()
        self.stream, self.filename, self.name, self.content_type = io.BytesIO(content), filename, name, content_type
        self.content_length = len(content)

    @property
    def headers(self):
        return Headers({} if self.content_type is None else {"Content-Type": self.content_type})

    @property
    def mimetype(self):
        return media_type(self.content_type)

    @property
    def mimetype_params(self):
        return media_type_params(self.content_type)

    def save(self, target):
        """Writes to a file object or a path of the isolate's temporary file system."""
        if hasattr(target, "write"):
            target.write(self.stream.getbuffer())
            return
        with open(target, "wb") as file:
            file.write(self.stream.getbuffer())

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.stream, name)

    def __iter__(self):
        return iter(self.stream)

    def __bool__(self):
        return bool(self.filename)

    def __repr__(self):
        return "<FileStorage: %r (%r)>" % (self.filename, self.content_type)
