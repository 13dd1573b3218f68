"""The checks of PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.answer import Unknown, known
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, warn

OLDEST_VERSION: Final = 15
_FEW: Final = 0.8
_NONE: Final = 0.95


def is_here(host: str) -> bool:
    """Tell whether a host is this machine, so that what is said to it is heard by nobody else."""
    return host in {"", "localhost", "::1"} or host.startswith(("127.", "/"))


def reachable(facts: Facts) -> Finding:
    """Judge whether the database lets us in."""
    server = facts.postgres.server
    if isinstance(server, Unknown):
        return fail("postgres.reachable", server.because)
    found = f"PostgreSQL {server.version} as {server.role} in {server.database}"
    if server.version < OLDEST_VERSION:
        return warn("postgres.reachable", found, f"upgrade the server to PostgreSQL {OLDEST_VERSION} or newer")
    return ok("postgres.reachable", found)


def writable(facts: Facts) -> Finding:
    """Judge whether it takes what is written."""
    if known(facts.postgres.server).read_only:
        return fail("postgres.writable", "the server is a read-only copy")
    return ok("postgres.writable", "the server is a primary")


def tls(facts: Facts) -> Finding:
    """Judge whether others can listen."""
    server = known(facts.postgres.server)
    if server.tls:
        return ok("postgres.tls", "the connection is encrypted")
    if is_here(server.host):
        return ok("postgres.tls", "the server is on this machine")
    return warn("postgres.tls", "passwords and notifications cross the network in the clear")


def role(facts: Facts) -> Finding:
    """Judge the role's rights: enough, and not more."""
    server, tables = known(facts.postgres.server), known(facts.postgres.unusable_tables)
    if tables:
        return fail("postgres.role", f"{server.role} may not read and write {', '.join(tables)}")
    if server.superuser and not is_here(server.host):
        return warn(
            "postgres.role",
            f"{server.role} is a superuser",
            "let the database belong to a role of its own, made with `CREATE ROLE alerting LOGIN PASSWORD …`",
        )
    return ok("postgres.role", f"{server.role} may read and write every table")


def extensions(facts: Facts) -> Finding:
    """Judge whether the extensions are there."""
    missing = known(facts.postgres.missing_extensions)
    if missing:
        return fail("postgres.extensions", f"not there: {', '.join(missing)}")
    return ok("postgres.extensions", "pg_trgm and btree_gin are there")


def migrations(facts: Facts) -> Finding:
    """Judge whether the schema is this version's."""
    known_names, applied, under_way = known(facts.postgres.migrations)
    missing = [name for name in known_names if name not in applied]
    newer = [name for name in applied if name not in known_names]
    if under_way:
        return warn("postgres.migrations", "a migration is under way", "wait until it has ended")
    if missing:
        return fail("postgres.migrations", f"not applied: {', '.join(missing)}")
    if newer:
        return warn(
            "postgres.migrations",
            f"the database has migrations of a newer version: {', '.join(newer)}",
            "finish the upgrade: run the services of the version that the database has",
        )
    return ok("postgres.migrations", f"all {len(applied)} are applied")


def connections(facts: Facts) -> Finding:
    """Judge whether there is room for more connections."""
    used, most = known(facts.postgres.connections)
    found = f"{used} of {most} connections are in use"
    if used >= _NONE * most:
        return fail("postgres.connections", found)
    return warn("postgres.connections", found) if used >= _FEW * most else ok("postgres.connections", found)


def vacuum(facts: Facts) -> Finding:
    """Judge whether tables are kept small."""
    on, bloated = known(facts.postgres.vacuum)
    if not on:
        return fail("postgres.vacuum", "autovacuum is off")
    if bloated:
        return warn("postgres.vacuum", f"many dead rows in {', '.join(bloated)}")
    return ok("postgres.vacuum", "autovacuum is on, and keeps up")


def retention(facts: Facts) -> Finding:
    """Judge whether what is old is removed."""
    days, keep = known(facts.postgres.oldest_days), facts.retention_days
    if days is None:
        return ok("postgres.retention", "there is no finished notification")
    found = f"the oldest finished notification is {days:.1f} days old"
    if not keep:
        return ok("postgres.retention", f"{found}; they are kept for ever")
    if days > keep + 1:
        return warn("postgres.retention", f"{found}; they are to be kept for {keep}")
    return ok("postgres.retention", f"{found}; they are kept for {keep}")


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "postgres.reachable": reachable,
    "postgres.writable": writable,
    "postgres.tls": tls,
    "postgres.role": role,
    "postgres.extensions": extensions,
    "postgres.migrations": migrations,
    "postgres.connections": connections,
    "postgres.vacuum": vacuum,
    "postgres.retention": retention,
}
