"""Names of flask that are not available: each raises, and names an alternative."""


class _Unavailable:
    """An attribute that raises AttributeError when it is read or set."""

    def __init__(self, message):
        self.message = message

    def __get__(self, owner, _=None):
        raise AttributeError(self.message)

    def __set__(self, owner, value):
        raise AttributeError(self.message)


def without(instead):
    """Decorates a class with attributes that are unavailable: by their names, separated by spaces, the end of their message."""

    def mark(kind):
        for names, words in instead.items():
            for name in names.split():
                setattr(kind, name, _Unavailable("flask.%s.%s is not available here. %s" % (kind.__name__, name, words)))
        return kind

    return mark


_APP = "Apps are not available: define handler(request) and publish it as an endpoint."
_PAGES = "Return text or a Response; str.format and string.Template fill in values."
_INSTEAD = {
    **dict.fromkeys(("Flask", "Blueprint", "Config", "current_app", "g", "after_this_request", "has_app_context", "has_request_context"), _APP),
    **dict.fromkeys(("render_template", "render_template_string", "stream_template", "stream_template_string"), _PAGES),
    **dict.fromkeys(("session", "flash", "get_flashed_messages"), "Cookies and sessions are not available: keep state in tables."),
    **dict.fromkeys(("escape", "Markup"), "Use html.escape."),
    "send_from_directory": "Use send_file with a path.",
    "url_for": "Use portico.ctx.endpoint.url.",
}


def instead_of(name):
    """Returns a sentence with an alternative to a name of flask, or an empty one."""
    return _INSTEAD.get(name, "")
