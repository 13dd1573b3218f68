import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.rule_service.endpoint_values import EndpointType, check


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "on-call@acme.example"),
        ("email", "root@localhost"),
        ("email", "a.b+c_d-e@mail.internal"),
        ("email", "O'Neil@acme.test"),
        ("email", "x@xn--bcher-kva.example"),
        ("email", "a" * 64 + "@" + "b" * 63 + ".example"),
        ("slack", "https://hooks.slack.com/services/T000/B000/XXXX"),
        ("webhook", "https://acme.example"),
        ("webhook", "http://10.0.0.1:8080/hook?a=b&c=%20"),
        ("webhook", "https://[::1]:9/"),
        ("webhook", "HTTPS://ACME.example/~x;y=1,2(3)!"),
    ],
)
def test_what_is_one(kind: EndpointType, value: str) -> None:
    check(kind, value, insecure=False)


@pytest.mark.parametrize(
    "value",
    [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@b\r\nBcc: x@y", "a\r\n@b", "a@b\n", "a@\0",
        "Ann <a@b>", '"a b"@c', "a@[127.0.0.1]", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@.b", "a@b.", "a@-b", "a@b-",
        "ü@b", "a@bücher.example", "a,b@c", "a;b@c", "a(x)@b", "a\\@b", "mailto:a@b", "a@b_c",
        "a" * 65 + "@b", "a@" + "b" * 64, "a@" + "b." * 127 + "b",
    ],
)  # fmt: skip
def test_what_is_no_email_address(value: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        check("email", value, insecure=True)


@pytest.mark.parametrize(
    "value",
    [
        "", "acme.example", "//acme.example", "/hook", "ftp://acme.example", "file:///etc/passwd", "data:,x",
        "http:", "http://", "https:///x", "https://:443/", "http:acme.example", "https://?x", "https://#x",
        "https://user@acme.example", "https://user:pw@acme.example", "https://acme.example#x", "https://acme.example/#",
        "https://acme.example:99999", "https://acme.example:0", "https://acme.example:x", "https://[::1",
        "https://acme.example/ x", " https://acme.example", "https://acme.example\r\nX: y", "https://acme.example/\t",
        "https://a\\@b.example", "https://bücher.example", "https://acme.example/{x}", "https://acme.example/\x7f",
        "https://acme.example/\0", 'https://acme.example/"',
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_what_is_no_url_to_send_to(kind: EndpointType, value: str) -> None:
    with pytest.raises(ValueError, match=r"URL"):
        check(kind, value, insecure=True)


def test_slack_wants_https_unless_the_deployment_says_otherwise() -> None:
    check("slack", "http://127.0.0.1/slack", insecure=True)
    with pytest.raises(ValueError, match="https://"):
        check("slack", "http://127.0.0.1/slack", insecure=False)
    check("webhook", "http://127.0.0.1/hook", insecure=False)


@given(st.sampled_from(["email", "slack", "webhook"]), st.text())
def test_nothing_that_breaks_a_line_or_a_header_gets_through(kind: EndpointType, text: str) -> None:
    for value in (text, f"a{text}@b", f"a@b{text}", f"https://a{text}", f"https://a/{text}"):
        try:
            check(kind, value, insecure=True)
        except ValueError:
            continue
        assert value.isascii()
        assert value.isprintable()
        assert " " not in value
