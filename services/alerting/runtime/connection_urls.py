"""Addresses of servers, put together of a part that may be seen and a password that has a place of its own."""

from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit


def postgres_dsn(dsn: str, password: str) -> str:
    """Return a connection string with the password in it, unless that is empty.

    Raises
    ------
    ValueError
        It is no connection string, or has a password already. The text quotes nothing of it.
    """
    import psycopg  # needed by those who have a database only  # noqa: PLC0415

    try:
        parts = psycopg.conninfo.conninfo_to_dict(dsn)
    except psycopg.Error:
        # Its own text quotes the address, with the password.
        raise ValueError("not a connection string of PostgreSQL") from None
    if not password:
        return dsn
    if parts.get("password"):
        raise ValueError("has a password already, and ALERTING_POSTGRES_PASSWORD is one more")
    return psycopg.conninfo.make_conninfo(dsn, password=password)


def redis_url(url: str, password: str, ca_file: str) -> str:
    """Return a URL with the password and the certificate authority's file in it, as far as these are not empty.

    Raises
    ------
    ValueError
        It is no URL of Redis, or has no place for one of them. The text quotes nothing of it.
    """
    parts = _redis_parts(url)
    if not (password or ca_file):
        return url
    if password:
        if parts.password:
            raise ValueError("has a password already, and ALERTING_REDIS_PASSWORD is one more")
        user, _, place = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.partition(':')[0]}:{quote(password, safe='')}@{place}")
    if ca_file:
        if parts.scheme != "rediss":
            raise ValueError("must begin with rediss:// for ALERTING_REDIS_CA_FILE to be of use")
        more = [*parse_qsl(parts.query, keep_blank_values=True), ("ssl_ca_certs", ca_file)]
        parts = parts._replace(query=urlencode(more))
    return urlunsplit(parts)


def _redis_parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.scheme in {"redis", "rediss", "unix"} and (parts.port or 1) > 0:
            return parts
    except ValueError:
        pass  # such as a port that is no number: its text quotes it
    raise ValueError("not a URL of Redis, such as redis://127.0.0.1:6379/0")
