"""The `pq` of API handlers: `pq.dbconnect(name).fetch(db, schema, table)` gives the rows as a list of dicts."""
from _portico.host import HostError  # noqa: F401
from tables import table


class Connection:
    """A connection by name. The service has one database of tables, so the name of the connection is only a label."""

    def __init__(self, name):
        self.name = name

    def fetch(self, *path, **options):
        """Returns all rows of a table: fetch(db, schema, table), fetch(schema, table) or fetch(table).

        Options are those of Table.list; `limit` bounds the number of rows.
        """
        if not 1 <= len(path) <= 3 or not all(isinstance(part, str) for part in path):
            raise TypeError("fetch() takes a database, a schema and a table by name")
        return table(*path[-2:]).all(**options)

    def __repr__(self):
        return "<connection %r>" % self.name


def dbconnect(name):
    """Returns a connection to the service's tables."""
    return Connection(name)
