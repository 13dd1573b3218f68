"""The built UI over ASGI: which paths are its own, and how it is sent."""

import gzip
import os
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from alerting.rule_service.ui_files import NOT_BUILT, RESERVED, UiFiles, belongs_to_ui, is_built
from alerting.runtime.problem import install_problems

PAGE = "<!doctype html><title>alerting</title>"
SCRIPT = "export const answer = 42\n" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What vite makes, with a file beside it that is nobody's business."""
    (tmp_path / "secret.txt").write_text("secret")
    dist = tmp_path / "ui_dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text(PAGE)
    (dist / "favicon.svg").write_text("<svg/>")
    (dist / "assets" / "index-1a2b3c.js").write_text(SCRIPT)
    (dist / "assets" / "font-1a2b3c.woff2").write_bytes(b"wOF2")
    return dist


def client(directory: Path) -> httpx.AsyncClient:
    app = FastAPI()
    install_problems(app)

    @app.get("/api/v1/thing")
    async def thing() -> str:
        return "thing"

    app.add_middleware(UiFiles, directory=directory)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ui")


@pytest.mark.parametrize("path", ["/", "/index.html", "/rules", "/rules/r1", "/rules/", "/login", "/apis", "/rules.v2"])
async def test_every_page_is_the_page(built: Path, path: str) -> None:
    async with client(built) as http:
        answer = await http.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/docs/nothing", "/metrics/x", "/healthz/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_is_the_applications_stays_a_problem(built: Path, method: str, path: str) -> None:
    async with client(built) as http:
        answer = await http.request(method, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_methods_are_the_applications_to_judge(built: Path) -> None:
    async with client(built) as http:
        statuses = {
            (method, path): (await http.request(method, path)).status_code
            for method in ("POST", "DELETE", "OPTIONS")
            for path in ("/", "/rules", "/api/v1/thing")
        }
    assert {status for (_, path), status in statuses.items() if path != "/api/v1/thing"} == {404}
    assert {status for (_, path), status in statuses.items() if path == "/api/v1/thing"} == {405}


async def test_an_asset_is_kept_by_browsers_for_good(built: Path) -> None:
    async with client(built) as http:
        script = await http.get("/assets/index-1a2b3c.js", headers={"accept-encoding": "identity"})
        font = await http.get("/assets/font-1a2b3c.woff2")
        icon = await http.get("/favicon.svg")
    assert script.text == SCRIPT
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in script.headers
    assert (font.content, font.headers["content-type"]) == (b"wOF2", "font/woff2")
    assert "content-encoding" not in font.headers
    assert (icon.headers["content-type"], icon.headers["cache-control"]) == ("image/svg+xml", "no-cache")


async def test_an_asset_of_another_version_is_no_page(built: Path) -> None:
    async with client(built) as http:
        answer = await http.get("/assets/index-older.js")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("offer", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("GZIP", True), ("gzip; q=0", False), ("br", False), ("", False)],
)
async def test_it_is_compressed_for_who_can_read_that(built: Path, offer: str, packed: bool) -> None:
    async with (
        client(built) as http,
        http.stream("GET", "/assets/index-1a2b3c.js", headers={"accept-encoding": offer}) as answer,
    ):
        content = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(content)
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert (gzip.decompress(content) if packed else content) == SCRIPT.encode()


async def test_a_browser_that_has_it_is_not_sent_it_again(built: Path) -> None:
    async with client(built) as http:
        tag = (await http.get("/")).headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
            again = await http.get("/rules", headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (await http.get("/", headers={"if-none-match": '"other"'})).status_code == 200


async def test_what_is_built_meanwhile_is_there(tmp_path: Path) -> None:
    dist = tmp_path / "ui_dist"
    async with client(dist) as http:
        assert (await http.get("/")).text == NOT_BUILT
        (dist / "assets").mkdir(parents=True)
        (dist / "assets" / "new.js").write_text("new")
        for number, page in enumerate(("one", "two")):
            (dist / "index.html").write_text(page)
            os.utime(dist / "index.html", (number, number))
            assert (await http.get("/rules")).text == page
            assert (await http.get("/assets/new.js")).text == "new"
        (dist / "index.html").unlink()
        assert (await http.get("/")).text == NOT_BUILT


async def test_head_is_get_without_its_body(built: Path) -> None:
    async with client(built) as http:
        for path in ("/", "/rules", "/assets/index-1a2b3c.js"):
            get, head = await http.get(path), await http.head(path)
            assert (head.status_code, head.headers) == (200, get.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/assets/../../secret.txt", "//secret.txt", "//api/v1/thing", "/x/../api/v1/thing", "/./api",
        "/..\\secret.txt", "/\\..\\secret.txt", "/\0", "/assets/\0", "/assets//index-1a2b3c.js", "/..", "/rules/..",
        "//", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "",
    ],
)  # fmt: skip
async def test_no_path_leads_out(built: Path, path: str) -> None:
    async def passed(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "passed", "body": b""})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    # Straight to the middleware: a client would tidy the path before it sends it.
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    await UiFiles(passed, built)(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    assert body == (PAGE.encode() if "%" in path else b"")


async def test_where_it_is_not_built_one_line_says_so(tmp_path: Path) -> None:
    async with client(tmp_path / "ui_dist") as http:
        root, page, api = await http.get("/"), await http.get("/rules"), await http.get("/api/v1/thing")
    assert (root.status_code, root.text) == (200, NOT_BUILT)
    assert root.headers["content-type"] == "text/plain; charset=utf-8"
    assert page.status_code == 404
    assert api.status_code == 200
    assert not is_built(tmp_path / "ui_dist")


def test_it_is_built_when_it_has_a_page(built: Path) -> None:
    assert is_built(built)


@pytest.mark.parametrize("first", sorted(RESERVED))
def test_paths_of_the_application(first: str) -> None:
    assert not belongs_to_ui(f"/{first}")
    assert not belongs_to_ui(f"/{first}/more")
    assert belongs_to_ui(f"/{first}x")
    assert belongs_to_ui(f"/x/{first}")
