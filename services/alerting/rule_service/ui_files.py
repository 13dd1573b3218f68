"""Serves the built UI: its files, and its page for every path that is nobody else's."""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

BUILT: Final = Path(__file__).parents[1] / "ui_dist"
RESERVED: Final = frozenset({"api", "docs", "openapi.json", "healthz", "readyz", "metrics"})
"""What paths of the application begin with; all others are the UI's."""

NOT_BUILT: Final = "the UI is not built (make ui)\n"

# Not the machine's own list: what is a script here has to be one everywhere, and browsers are told not to guess.
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_PACKED: Final = frozenset({".png", ".ico", ".woff2"})

_PAGE: Final = "/index.html"
_ASSETS: Final = "/assets/"
_SECURITY: Final = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class UiFile:
    """A file that is read when it is first asked for, and kept."""

    def __init__(self, path: Path, url: str) -> None:
        self._path = path
        # An asset's name has its content's hash in it.
        fresh = "public, max-age=31536000, immutable" if url.startswith(_ASSETS) else "no-cache"
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        self._headers = {"content-type": kind, "cache-control": fresh, "vary": "accept-encoding", **_SECURITY}

    @cached_property
    def _plain(self) -> bytes:
        return self._path.read_bytes()

    @cached_property
    def _gzipped(self) -> bytes | None:
        return None if self._path.suffix in _PACKED else gzip.compress(self._plain, mtime=0)

    @cached_property
    def _tag(self) -> str:
        # A weak one: the same for what is compressed and for what is not.
        return f'W/"{hashlib.sha256(self._plain).hexdigest()[:32]}"'

    def answer(self, asked: Headers) -> Response:
        """Return the file, or that it is still the one that the browser has."""
        headers = self._headers | {"etag": self._tag}
        known = {tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")}
        if self._tag.removeprefix("W/") in known:
            return Response(None, 304, headers)
        if self._gzipped is not None and _takes_gzip(asked):
            return Response(self._gzipped, 200, headers | {"content-encoding": "gzip"})
        return Response(self._plain, 200, headers)


def files_in(directory: Path) -> Mapping[str, UiFile]:
    """Return the files by the paths that they are asked for with; a path is looked up, and never opened."""
    found = {f"/{path.relative_to(directory).as_posix()}": path for path in directory.rglob("*") if path.is_file()}
    return {url: UiFile(path, url) for url, path in found.items()}


class UiFiles:
    """An ASGI middleware: answers what is the UI's, and leaves everything else to the application."""

    def __init__(self, app: ASGIApp, directory: Path = BUILT) -> None:
        self._app = app
        self._directory = directory
        self._built_at: int | None = None
        self._files: Mapping[str, UiFile] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = None
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            answer = self._answer(scope["path"], Headers(scope=scope))
        await (answer or self._app)(scope, receive, send)

    def _answer(self, path: str, asked: Headers) -> Response | None:
        if not belongs_to_ui(path):
            return None
        files = self._current()
        if not files:
            return PlainTextResponse(NOT_BUILT, headers=_SECURITY) if path == "/" else None
        file = files.get(path)
        if file is None and not path.startswith(_ASSETS):
            file = files.get(_PAGE)
        return file.answer(asked) if file is not None else None

    def _current(self) -> Mapping[str, UiFile]:
        """Return the files of the last build, which may be a moment old."""
        built_at = _built_at(self._directory)
        if built_at != self._built_at:
            self._files = {} if built_at is None else files_in(self._directory)
            self._built_at = built_at
        return self._files


def is_built(directory: Path = BUILT) -> bool:
    """Tell whether there is a UI to serve."""
    return _built_at(directory) is not None


def _built_at(directory: Path) -> int | None:
    try:
        return (directory / _PAGE.removeprefix("/")).stat().st_mtime_ns
    except OSError:
        return None


def belongs_to_ui(path: str) -> bool:
    """Tell whether a path, decoded, is one that the UI may have: an ordinary one, outside of the application's."""
    if path == "/":
        return True
    root, *segments = path.removesuffix("/").split("/")
    ordinary = root == "" and not {"", ".", ".."} & set(segments) and not {"\\", "\0"} & set(path)
    return ordinary and bool(segments) and segments[0] not in RESERVED


def _takes_gzip(asked: Headers) -> bool:
    offers = [offer.replace(" ", "").lower() for offer in asked.get("accept-encoding", "").split(",")]
    return any(offer.partition(";")[0] == "gzip" and not offer.endswith((";q=0", ";q=0.0")) for offer in offers)
