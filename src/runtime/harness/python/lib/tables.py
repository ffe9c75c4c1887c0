"""The service's tables, read and written with the rights of the endpoint's executor.

    import tables
    tables.contacts.list(where={"city": "Gent"}, order=["-name"], limit=10)
    tables.table("crm", "contacts").insert({"name": "Ada"})

Every method asks the service, which checks names, types and rights; a refusal is a TableError with its `code`. So is a value that JSON
would change (nan, sets, bytes, Decimal, integers beyond 2**53 - 1), before anything is sent.
"""
import dataclasses

from _portico.exact import NotExact, expect_exact
from _portico.host import HostError as TableError
from _portico.host import ask

# Maximum of rows in a page; longer results are read page by page.
PAGE = 1000

_ID = "the id of a row"
_COLUMNS = "a dict of columns"


class Table:
    """One table. `schema` is None for the default one."""

    __slots__ = ("name", "schema")

    def __init__(self, schema, name):
        self.schema, self.name = schema, name

    def _ask(self, verb, method, **arguments):
        """Asks for `verb`. `method` is its name in messages; arguments that are None are omitted."""
        given = {name: value for name, value in arguments.items() if value is not None}
        for name, value in given.items():
            try:
                expect_exact(value, name)
            except NotExact as error:
                raise self._refusal(method, error, error.path, error.what) from None
        return ask("tables." + verb, {"schema": self.schema, "table": self.name, **given})

    def _refusal(self, method, message, path, what):
        names = "".join("/" + str(part)[:64].replace("~", "~0").replace("/", "~1") for part in path)
        offence = {"pointer": "#" + names, "code": "no_json_form", "message": what}
        return TableError("%s.%s: %s." % (self.name, method, message), "invalid_input", [offence])

    def _need(self, method, name, value, what):
        if value is None:
            raise self._refusal(method, "%s is None; give %s" % (name, what), [name], "is None; give " + what)
        return value

    def page(self, where=None, order=None, columns=None, limit=PAGE, cursor=None):
        """Returns (rows, cursor): at most PAGE rows, and the cursor of the next page, or None after the last."""
        answer = self._ask("list", "list", where=where, order=order, columns=columns, limit=limit, cursor=cursor)
        return answer["rows"], answer.get("nextCursor")

    def list(self, where=None, order=None, columns=None, limit=100):
        """Returns the first `limit` rows. `where` maps columns to values ({"price": {"gte": 5}}, a list for any of them, None for
        no value), `order` lists columns, "-name" for descending."""
        return self.all(where, order, columns, limit)

    def all(self, where=None, order=None, columns=None, limit=None):
        """Returns all rows, or the first `limit`, as a list of dicts."""
        if limit is not None and (type(limit) is not int or limit < 0):
            what = "must be a whole number from 0, or None for all rows"
            raise self._refusal("list", "limit " + what, ["limit"], what)
        rows, cursor = [], None
        while limit is None or len(rows) < limit:
            size = PAGE if limit is None else min(PAGE, limit - len(rows))
            page, cursor = self.page(where, order, columns, size, cursor)
            rows += page
            if cursor is None:
                break
        return rows

    def __iter__(self):
        cursor, first = None, True
        while first or cursor is not None:
            first = False
            page, cursor = self.page(cursor=cursor)
            yield from page

    def get(self, id):
        """Returns the row with this id, or None."""
        return self._ask("get", "get", id=self._need("get", "id", id, _ID))

    def first(self, where=None, order=None):
        """Returns the first matching row, or None."""
        rows = self.list(where, order, limit=1)
        return rows[0] if rows else None

    def count(self, where=None):
        return self._ask("count", "count", where=where)

    def insert(self, rows):
        """Adds a row (dict) or several (list). Returns the stored rows, ids included, in the same form."""
        self._need("insert", "rows", rows, _COLUMNS + " or a list of them")
        several = not isinstance(rows, dict) and not dataclasses.is_dataclass(rows)
        stored = self._ask("insert", "insert", rows=list(rows) if several else [rows])
        return stored if several else stored[0]

    def update(self, id, changes):
        """Changes columns of one row. Returns the changed row, or None."""
        self._need("update", "id", id, _ID)
        return self._ask("update", "update", id=id, changes=self._need("update", "changes", changes, _COLUMNS))

    def delete(self, id):
        """Deletes one row. Returns True if it existed."""
        return self._ask("delete", "delete", id=self._need("delete", "id", id, _ID))

    def update_many(self, where, changes, *, all=False):
        """Changes every row that matches and returns the count. Without a condition, `all=True` confirms that every row is meant."""
        self._need("update_many", "changes", changes, _COLUMNS)
        return self._ask("updateMany", "update_many", where=where, changes=changes, all=all)["count"]

    def delete_many(self, where=None, *, all=False):
        """Deletes every row that matches and returns the count. Without a condition, `all=True` confirms that every row is meant."""
        return self._ask("deleteMany", "delete_many", where=where, all=all)["count"]

    def __repr__(self):
        return "<table %s>" % (self.name if self.schema is None else "%s.%s" % (self.schema, self.name))


def table(*path):
    """Returns a table: table(name) or table(schema, name)."""
    if not 1 <= len(path) <= 2:
        raise TypeError("table() takes a name, or a schema and a name")
    return Table(path[0] if len(path) == 2 else None, path[-1])


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError("module 'tables' has no attribute %r" % name)
    return Table(None, name)
