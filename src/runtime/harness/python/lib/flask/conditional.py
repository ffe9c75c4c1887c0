"""ETags, ranges, and responses to conditional and range requests."""
import re
import time

from .exceptions import HTTPException
from .fields import ETAG, Value, http_date, parse_date, quote_etag, unquote_etag

_RANGE = re.compile(r"(\d*)-(\d*)").fullmatch
_CONTENT_RANGE = re.compile(r"(\w+)\s+(?:\*|(\d+)-(\d+))/(\*|\d+)").fullmatch


class ETags(Value):
    """The ETags of If-Match or If-None-Match. `in` compares strongly; a `*` contains all."""

    def __init__(self, strong_etags=(), weak_etags=(), star_tag=False):
        self._strong = frozenset(() if star_tag else strong_etags)
        self._weak, self.star_tag = frozenset(weak_etags), star_tag

    @classmethod
    def parse(cls, text):
        if (text or "").strip() == "*":
            return cls(star_tag=True)
        found = [(weak, etag if bare == "" else bare) for weak, etag, bare in ETAG.findall(text or "")]
        return cls([etag for weak, etag in found if not weak], [etag for weak, etag in found if weak])

    def is_strong(self, etag):
        return etag in self._strong

    def is_weak(self, etag):
        return etag in self._weak

    def contains(self, etag):
        return self.star_tag or self.is_strong(etag)

    def contains_weak(self, etag):
        return self.is_weak(etag) or self.contains(etag)

    def contains_raw(self, etag):
        etag, weak = unquote_etag(etag)
        return self.contains_weak(etag) if weak else self.contains(etag)

    def as_set(self, include_weak=False):
        return set(self._strong | self._weak if include_weak else self._strong)

    def to_header(self):
        if self.star_tag:
            return "*"
        return ", ".join([quote_etag(etag) for etag in self._strong] + [quote_etag(etag, True) for etag in self._weak])

    def __contains__(self, etag):
        return self.contains(etag)

    def __iter__(self):
        return iter(self._strong)

    def __bool__(self):
        return bool(self.star_tag or self._strong or self._weak)


class Range(Value):
    """The ranges of a request: (start, stop) with an exclusive stop or None, and a negative start for a count from the end."""

    def __init__(self, units, ranges):
        self.units, self.ranges = units, ranges

    @classmethod
    def parse(cls, text):
        """Throws ValueError for a Range that is malformed."""
        units, equals, ranges = text.partition("=")
        if not equals:
            raise ValueError("a Range must name its unit")
        return cls(units.strip().lower(), [cls._one(item.strip()) for item in ranges.split(",")])

    @staticmethod
    def _one(item):
        start, stop = _RANGE(item).groups() if _RANGE(item) else ("", "")
        if start and stop and int(stop) < int(start) or not (start or stop):
            raise ValueError("a Range must have a start, an end, or both in order")
        if not start:
            return -int(stop), None
        return int(start), int(stop) + 1 if stop else None

    def range_for_length(self, length):
        """Returns (start, stop) within `length` bytes; None for several ranges, other units, or one that is outside."""
        if self.units != "bytes" or length is None or len(self.ranges) != 1:
            return None
        start, stop = self.ranges[0]
        start = max(start + length, 0) if start < 0 else start
        return (start, length if stop is None else min(stop, length)) if start < length else None

    def make_content_range(self, length):
        found = self.range_for_length(length)
        return found and ContentRange(self.units, *found, length)

    def to_content_range_header(self, length):
        return self.make_content_range(length) and str(self.make_content_range(length))

    def to_header(self):
        return "%s=%s" % (self.units, ",".join(self._item(*one) for one in self.ranges))

    @staticmethod
    def _item(start, stop):
        return str(start) if start < 0 else "%d-%s" % (start, "" if stop is None else stop - 1)


class ContentRange(Value):
    """The range of a response: `stop` is exclusive, `length` is that of the whole or None. Without units it is empty."""

    def __init__(self, units=None, start=None, stop=None, length=None, on_update=None):
        self.units, self.start, self.stop, self.length = units, start, stop, length
        self.on_update = on_update

    @classmethod
    def parse(cls, text):
        found = _CONTENT_RANGE(text or "")
        if not found:
            return cls()
        start, stop, length = (int(part) if part and part != "*" else None for part in found.groups()[1:])
        return cls(found[1], start, None if stop is None else stop + 1, length)

    def set(self, start, stop, length=None, units="bytes"):
        self.units, self.start, self.stop, self.length = units, start, stop, length
        self._changed()

    def unset(self):
        self.set(None, None, None, None)

    def to_header(self):
        if self.units is None:
            return ""
        span = "*" if self.start is None else "%d-%d" % (self.start, self.stop - 1)
        return "%s %s/%s" % (self.units, span, "*" if self.length is None else self.length)

    def __bool__(self):
        return self.units is not None


class IfRange(Value):
    """The condition of a Range: an etag (unquoted) or a date."""

    def __init__(self, etag=None, date=None):
        self.etag, self.date = etag, date

    @classmethod
    def parse(cls, text):
        try:
            return cls(date=parse_date(text)) if text else cls()
        except ValueError:
            return cls(unquote_etag(text)[0])

    def to_header(self):
        return http_date(self.date) if self.date else "" if self.etag is None else quote_etag(self.etag)


def is_modified(request, etag, last_modified, ignore_if_range=True):
    """Returns False when the caller already has this state. `etag` is the header's text, `last_modified` a datetime; both may be None."""
    since, known = request.if_modified_since, request.if_none_match
    etag, weak = unquote_etag(etag)
    if not ignore_if_range and "Range" in request.headers:
        since = request.if_range.date or since
        if request.if_range.etag is not None:
            known = ETags([request.if_range.etag])
    if etag and request.if_match:
        return request.if_match.star_tag or (not weak and request.if_match.contains(etag))
    if etag and known:
        return not known.contains_weak(etag)
    return not (since and last_modified and last_modified.replace(microsecond=0) <= since)


def apply(response, request, accept_ranges, complete_length):
    """Turns a response to GET or HEAD into a 304, 412 or 206 when the request's conditions ask for it.

    `accept_ranges` is True, False or the header's text. Throws HTTPException 416 for a range outside of the body.
    """
    if request.method not in ("GET", "HEAD"):
        return
    accept = {True: "bytes", False: "none"}.get(accept_ranges, accept_ranges)
    if "Date" not in response.headers:
        response.date = time.time()
    if _cut(response, request, accept, complete_length):
        return
    if not is_modified(request, response.headers.get("ETag"), response.last_modified):
        response.status_code = 412 if request.if_match else 304
        if response.status_code == 304:
            response.data = b""
            for name in ("Allow", "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Range", "Content-Type"):
                response.headers.remove(name)


def _cut(response, request, accept, length):
    """Cuts the body to the requested range. Returns False when the whole body is to be sent."""
    if accept in (None, "none") or length is None or length == 0 or "Range" not in request.headers:
        return False
    if request.if_range.to_header() and is_modified(request, response.headers.get("ETag"), response.last_modified, False):
        return False
    response.accept_ranges = accept
    found = request.range and request.range.make_content_range(length)
    if not found:
        # Without a body, so that the endpoint's response types cannot refuse it.
        whole = str(ContentRange("bytes", length=length))
        raise HTTPException("The range is outside of the body.", type(response)(None, 416, {"Content-Range": whole}), 416)
    response.content_range = found
    response.status_code = 206
    response.data = response.data[found.start : found.stop]
    return True
