"""The Accept fields: the media types, languages and encodings that a caller accepts, by quality."""
from encodings import normalize_encoding
from encodings.aliases import aliases
from urllib.request import parse_http_list


def _quality(text):
    """Returns a number between 0 and 1, or None for text that is not a number."""
    try:
        return min(max(0.0, float(text)), 1)
    except ValueError:
        return None


class Accept(list):
    """(value, quality) pairs, the most specific first, then by quality. A text as a key selects the first pair that matches it."""

    def __init__(self, values=()):
        super().__init__(sorted(values or (), key=lambda pair: (self._specificity(pair[0]), pair[1]), reverse=True))

    @classmethod
    def parse(cls, text):
        pairs = []
        for item in parse_http_list(text or ""):
            options = [part.strip() for part in item.split(";")]
            rated = [option for option in options if option[:2].lower() == "q="]
            quality = _quality(rated[0][2:]) if rated else 1
            if options[0] and quality is not None:
                pairs.append(("; ".join(option for option in options if option not in rated), quality))
        return cls(pairs)

    @staticmethod
    def _specificity(value):
        return (value != "*",)

    @staticmethod
    def _normal(value):
        return value.lower()

    def _matches(self, offered, value):
        return value == "*" or self._normal(offered) == self._normal(value)

    def _match(self, offered):
        return next((pair for pair in self if self._matches(offered, pair[0])), None)

    def quality(self, key):
        found = self._match(key)
        return found[1] if found else 0

    def find(self, key):
        found = self._match(key) if isinstance(key, str) else key
        return next((index for index, pair in enumerate(self) if pair == found), -1)

    def index(self, key):
        found = self.find(key)
        if found < 0:
            raise ValueError("%r is not accepted" % (key,))
        return found

    def values(self):
        return (value for value, _ in self)

    def best_match(self, matches, default=None):
        """Returns the offer of the highest quality; among equals the most specific match, then the first; or `default`."""
        best, rank = default, None
        for offered in matches:
            found = self._match(offered)
            if found and found[1] > 0:
                this = (found[1], self._specificity(found[0]))
                if rank is None or this > rank:
                    best, rank = offered, this
        return best

    @property
    def best(self):
        return self[0][0] if self else None

    @property
    def provided(self):
        return bool(self)

    def to_header(self):
        return ",".join(value if quality == 1 else "%s;q=%s" % (value, quality) for value, quality in self)

    def __getitem__(self, key):
        return self.quality(key) if isinstance(key, str) else super().__getitem__(key)

    def __contains__(self, key):
        return self._match(key) is not None

    def __str__(self):
        return self.to_header()

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, list.__repr__(self))


class MIMEAccept(Accept):
    @staticmethod
    def _split(value):
        kind, *options = (part.strip() for part in value.lower().split(";"))
        main, _, sub = kind.partition("/")
        return main, sub, sorted(options)

    @classmethod
    def _specificity(cls, value):
        main, sub, options = cls._split(value)
        return main != "*", sub != "*", len(options)

    def _matches(self, offered, value):
        if "/" not in value or "/" not in offered:
            return False
        (main, sub, options), (main_offered, sub_offered, options_offered) = self._split(value), self._split(offered)
        if "*" in (main, main_offered):
            return True
        if main != main_offered:
            return False
        return "*" in (sub, sub_offered) or (sub == sub_offered and options == options_offered)

    @property
    def accept_html(self):
        return "text/html" in self or self.accept_xhtml

    @property
    def accept_xhtml(self):
        return "application/xhtml+xml" in self or "application/xml" in self

    @property
    def accept_json(self):
        return "application/json" in self


class LanguageAccept(Accept):
    @staticmethod
    def _normal(value):
        return value.lower().replace("_", "-")

    @classmethod
    def _primary(cls, value):
        return cls._normal(value).partition("-")[0]

    def best_match(self, matches, default=None):
        """Returns the best offer. Without an exact match, `en` satisfies an accepted `en-GB`, then `en-GB` satisfies `en`."""
        found = super().best_match(matches)
        if found is None:
            found = Accept((self._primary(value), quality) for value, quality in self).best_match(matches)
        if found is None:
            offered = {}
            for match in matches:
                offered.setdefault(self._primary(match), match)
            found = offered.get(super().best_match(offered))
        return default if found is None else found


class CharsetAccept(Accept):
    @staticmethod
    def _normal(value):
        name = normalize_encoding(value).lower()
        return aliases.get(name, name)
