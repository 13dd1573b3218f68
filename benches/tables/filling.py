"""What helps to fill large tables fast."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from psycopg import sql

from alerting.alert_producer.catalog import load_catalog
from benches.tables.part import Connection

_INDEXES: Final = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique
"""


@contextmanager
def without_indexes(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Drop the indexes of tables, and make them again when the block is done: that takes a fraction of the time."""
    indexes = connection.execute(_INDEXES, [list(tables)]).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _, definition in indexes:
        connection.execute(definition.encode())
    for table in tables:
        connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))


def make_catalog(connection: Connection) -> None:
    """Make the table `catalog` of the alerts that real systems raise: n (from 0), severity, source, name."""
    connection.execute("CREATE TABLE catalog (n integer PRIMARY KEY, severity text, source text, name text)")
    with connection.cursor().copy("COPY catalog FROM STDIN") as copy:
        for number, alert in enumerate(load_catalog()):
            copy.write_row((number, *alert))
    connection.execute("ANALYZE catalog")
