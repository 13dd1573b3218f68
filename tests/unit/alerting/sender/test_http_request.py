import pytest

from alerting.sender.delivery import DeliveryError
from alerting.sender.http_request import Origin, request_bytes, target_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://example.com", Origin(False, "example.com", 80)),
        ("https://EXAMPLE.com/x", Origin(True, "example.com", 443)),
        ("https://example.com:8443/x#part", Origin(True, "example.com", 8443)),
        ("http://[::1]:8080/", Origin(False, "::1", 8080)),
        ("http://bücher.example/", Origin(False, "xn--bcher-kva.example", 80)),
    ],
)
def test_a_connection_leads_where_the_url_says(url: str, origin: Origin) -> None:
    assert target_of(url).origin == origin


@pytest.mark.parametrize(
    ("url", "first", "host"),
    [
        ("http://example.com", "POST / HTTP/1.1", "example.com"),
        ("http://example.com:80/a/b?c=d&e", "POST /a/b?c=d&e HTTP/1.1", "example.com"),
        ("http://example.com:81/a b/ü?q=ü", "POST /a%20b/%C3%BC?q=%C3%BC HTTP/1.1", "example.com:81"),
        ("http://example.com/already%20there#part", "POST /already%20there HTTP/1.1", "example.com"),
        ("http://[::1]:8080/", "POST / HTTP/1.1", "[::1]:8080"),
    ],
)
def test_a_request_begins_with_the_path_and_the_host(url: str, first: str, host: str) -> None:
    lines = target_of(url).first_lines.decode().split("\r\n")
    assert lines[:2] == [first, f"Host: {host}"]


def test_who_is_named_in_the_url_is_named_in_a_header_and_nowhere_else() -> None:
    sent = request_bytes(target_of("http://me:p%40ss@example.com/"), {}, b"")
    assert b"\r\nAuthorization: Basic bWU6cEBzcw==\r\n" in sent
    assert b"\r\nHost: example.com\r\n" in sent


def test_a_request_ends_with_its_headers_their_end_and_the_body() -> None:
    sent = request_bytes(target_of("http://example.com/"), {"content-type": "text/plain", "a": "ü"}, b"body")
    assert sent.endswith("\r\ncontent-type: text/plain\r\na: ü\r\nContent-Length: 4\r\n\r\nbody".encode())


@pytest.mark.parametrize("value", ["a\r\nhost: other", "a\nb", "a\rb", "a\0b"])
def test_no_value_of_a_header_ends_it(value: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        request_bytes(target_of("http://example.com/"), {"x": value}, b"")


@pytest.mark.parametrize("character", ["\r", "\n", "\0", " ", "\x7f", "\u2028", "%0d%0a"])
@pytest.mark.parametrize(
    "url", ["http://example.com/{}a", "http://example.com/?{}a", "http://{}a.com/", "http://a{}@b/"]
)
def test_no_url_makes_more_lines_than_another(url: str, character: str) -> None:
    try:
        lines = target_of(url.format(character)).first_lines
    except DeliveryError:
        return
    assert lines.count(b"\n") == lines.count(b"\r\n") == 5 + (b"Authorization" in lines)
    assert b"\0" not in lines


@pytest.mark.parametrize(
    "url",
    ["", "no url", "//example.com/", "ftp://example.com/", "http://", "http://:80/", "http://a:99999/", "http:///x"],
)
def test_what_is_no_url_of_http_is_for_its_owner_to_mend(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        target_of(url)
    assert caught.value.permanent
