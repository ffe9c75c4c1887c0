"""Values of header fields: dates, ETags, sets, cache directives and ranges, and the descriptors that read and write them."""
from collections.abc import MutableMapping
from datetime import date, datetime, timedelta, timezone
from email.message import Message
from email.utils import collapse_rfc2231_value, format_datetime, parsedate_to_datetime
import re
from urllib.parse import quote as percent_encode
from urllib.request import parse_http_list

_is_token = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII).fullmatch
ETAG = re.compile(r'([Ww]/)?(?:"([^"]*)"|([^\s,]+))')


def quoted(value):
    """Returns the value as a token, or in quotes when it is not one."""
    text = str(value)
    return text if _is_token(text) else '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def parse_list(text):
    """Splits a comma-separated field. Quotes around an item are removed."""
    return [re.sub(r"\\(.)", r"\1", item[1:-1]) if item[:1] == '"' else item for item in parse_http_list(text or "")]


def media_type(text):
    """Returns the `type/subtype` of a Content-Type in lower case, "" for None."""
    return (text or "").partition(";")[0].strip().lower()


def media_type_params(text):
    """Returns the parameters of a Content-Type by name."""
    message = Message()
    message["Content-Type"] = "x/x;" + (text or "").partition(";")[2]
    return {name.lower(): collapse_rfc2231_value(value) for name, value in message.get_params()[1:] if name}


def with_options(value, options):
    """Returns `value; name=option`. Names get dashes for underscores; a text beyond ASCII is written as `name*` (RFC 8187)."""
    parts = [str(value)]
    for name, option in options.items():
        name = name.replace("_", "-")
        if option is not None and str(option).isascii():
            parts.append("%s=%s" % (name, quoted(option)))
        elif option is not None:
            parts.append("%s*=UTF-8''%s" % (name, percent_encode(str(option), safe="!#$&+^`|~")))
    return "; ".join(parts)


def http_date(value):
    """Formats a datetime (UTC unless it has a time zone), a date, a Unix time or a time tuple as an HTTP date."""
    if isinstance(value, (int, float)):
        value = datetime.fromtimestamp(value, timezone.utc)
    elif not isinstance(value, datetime):
        value = datetime(*(value.timetuple() if isinstance(value, date) else value)[:6])
    value = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
    return format_datetime(value, usegmt=True)


def parse_date(text):
    """Returns an HTTP date as a datetime with a time zone. Throws ValueError."""
    try:
        value = parsedate_to_datetime(text)
    except OverflowError as error:
        raise ValueError(str(error)) from None
    return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value


def retry_after(text):
    """Returns the time of a Retry-After, which is a date or seconds from now."""
    return datetime.now(timezone.utc) + timedelta(seconds=int(text)) if text.isdigit() else parse_date(text)


def seconds(value):
    """Returns the whole seconds of a timedelta or a number."""
    return int(value.total_seconds() if isinstance(value, timedelta) else value)


def quote_etag(etag, weak=False):
    if '"' in etag:
        raise ValueError("an ETag must not contain quotes")
    return '%s"%s"' % ("W/" if weak else "", etag)


def unquote_etag(text):
    """Returns (etag, is weak), or (None, None) for a missing one."""
    found = ETAG.fullmatch((text or "").strip())
    return (found[2] if found[2] is not None else found[3], bool(found[1])) if found else (None, None)


class Field:
    """A header as an attribute: parsed when read, None when it is missing or malformed; None or `del` removes it."""

    def __init__(self, name, load=str, dump=str):
        self.name, self.load, self.dump = name, load, dump

    def __get__(self, owner, _=None):
        if owner is None:
            return self
        text = owner.headers.get(self.name)
        try:
            return None if text is None else self.load(text)
        except ValueError:
            return None

    def __set__(self, owner, value):
        if value is None:
            owner.headers.remove(self.name)
        else:
            owner.headers.set(self.name, self.dump(value))

    def __delete__(self, owner):
        owner.headers.remove(self.name)


class LinkedField:
    """A header as an object that writes each change of itself back to the header."""

    def __init__(self, name, kind):
        self.name, self.kind = name, kind

    def __get__(self, owner, _=None):
        if owner is None:
            return self
        value = self.kind.parse(owner.headers.get(self.name))
        value.on_update = lambda changed: self.__set__(owner, changed)
        return value

    def __set__(self, owner, value):
        if value and not isinstance(value, (str, self.kind)):
            value = self.kind(value)
        if value:
            owner.headers.set(self.name, str(value))
        else:
            owner.headers.remove(self.name)

    def __delete__(self, owner):
        owner.headers.remove(self.name)


class Value:
    """A value that reports its changes to `on_update` and prints as its header."""

    on_update = None

    def _changed(self):
        if self.on_update is not None:
            self.on_update(self)

    def __str__(self):
        return self.to_header()

    def __repr__(self):
        return "<%s %r>" % (type(self).__name__, self.to_header())


class HeaderSet(Value):
    """A set of names without regard to case, in the order they were added."""

    def __init__(self, headers=(), on_update=None):
        self._names = {name.lower(): name for name in headers}
        self.on_update = on_update

    @classmethod
    def parse(cls, text):
        return cls(parse_list(text))

    def add(self, header):
        self.update((header,))

    def update(self, iterable):
        for name in iterable:
            self._names.setdefault(name.lower(), name)
        self._changed()

    def remove(self, header):
        del self._names[header.lower()]
        self._changed()

    def discard(self, header):
        if header in self:
            self.remove(header)

    def clear(self):
        self._names.clear()
        self._changed()

    def as_set(self, preserve_casing=False):
        return set(self._names.values() if preserve_casing else self._names)

    def to_header(self):
        return ", ".join(map(quoted, self))

    def __contains__(self, header):
        return header.lower() in self._names

    def __iter__(self):
        return iter(self._names.values())

    def __getitem__(self, index):
        return list(self)[index]

    def __len__(self):
        return len(self._names)

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, list(self))


class Directive:
    """One directive of a CacheControl: True or False with `bool`, else its value, or `bare` where it has none."""

    def __init__(self, kind, bare=None):
        self.kind, self.bare = kind, bare

    def __set_name__(self, _, name):
        self.name = name.replace("_", "-")

    def __get__(self, owner, _=None):
        if owner is None:
            return self
        if self.kind is bool:
            return self.name in owner
        value = owner.get(self.name)
        if value is None:
            return self.bare if self.name in owner else None
        try:
            return self.kind(value)
        except ValueError:
            return None

    def __set__(self, owner, value):
        if value is None or value is False:
            owner.pop(self.name, None)
        else:
            owner[self.name] = None if value is True or self.kind is bool else str(self.kind(value))

    def __delete__(self, owner):
        owner.pop(self.name, None)


class _CacheControl(Value, MutableMapping):
    """Directives by name as they are written, `max-age`; the value is text, or None for a directive without one."""

    no_store = Directive(bool)
    max_age = Directive(int)
    no_transform = Directive(bool)
    stale_if_error = Directive(int)

    def __init__(self, values=(), on_update=None):
        self._values = dict(values)
        self.on_update = on_update

    @classmethod
    def parse(cls, text):
        pairs = (item.partition("=") for item in parse_http_list(text or ""))
        return cls({name.strip().lower(): parse_list(value)[0] if value else None for name, _, value in pairs})

    def to_header(self):
        return ", ".join(name if value is None else "%s=%s" % (name, quoted(value)) for name, value in self.items())

    def __getitem__(self, name):
        return self._values[name]

    def __setitem__(self, name, value):
        self._values[name] = value
        self._changed()

    def __delitem__(self, name):
        del self._values[name]
        self._changed()

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)


class RequestCacheControl(_CacheControl):
    no_cache = Directive(bool)
    only_if_cached = Directive(bool)
    max_stale = Directive(int, True)
    min_fresh = Directive(int)


class ResponseCacheControl(_CacheControl):
    no_cache = Directive(str, True)
    private = Directive(str, True)
    public = Directive(bool)
    must_revalidate = Directive(bool)
    proxy_revalidate = Directive(bool)
    must_understand = Directive(bool)
    immutable = Directive(bool)
    s_maxage = Directive(int)
    stale_while_revalidate = Directive(int)
