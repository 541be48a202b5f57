"""Who may read and how much, asked of the guard through the whole application."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from demarche.web import WebLimits, WebOptions, create_app, is_loopback
from demarche.web.access import COOKIE, Buckets, signed_in

TOKEN = "correct-horse-battery-staple"
pytestmark = pytest.mark.model


def reader(folder: Path, host: str = "192.0.2.7", **options: object) -> TestClient:
    chosen = WebOptions(host=host, token=TOKEN if host != "127.0.0.1" else None, **options)  # type: ignore[arg-type]
    return TestClient(
        create_app(folder, chosen),
        base_url=f"https://{host}:8710",
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def test_loopback_needs_no_sign_in(client: TestClient) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]", "localhost.evil.example:8710"])
def test_other_names_are_not_answered(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "another name" in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8710", "127.0.0.1:1", "[::1]:8710", "LOCALHOST:8710"])
def test_names_of_this_machine_are(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


def test_a_shared_address_asks_for_the_token(folder: Path) -> None:
    shared = reader(folder)
    for path in ("/", "/search", "/api/record", "/article/d0", "/nope"):
        answer = shared.get(path)
        assert answer.status_code == 401, path
        assert TOKEN not in answer.text
    assert shared.get("/?token=wrong").status_code == 401
    assert shared.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert shared.get("/", headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 401


def test_the_sign_in_is_kept_in_a_secure_cookie_and_leaves_the_address(folder: Path) -> None:
    shared = reader(folder)
    answer = shared.get(f"/search?type=AID&token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?type=AID"
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/"):
        assert part in cookie
    assert shared.get("/search?type=AID").status_code == 200  # the client keeps the cookie


def test_an_open_redirect_is_not_offered(folder: Path) -> None:
    shared = reader(folder)
    place = shared.get(f"//evil.example/?token={TOKEN}").headers["location"]
    assert not place.startswith("//")


def test_guessing_tokens_is_slowed(folder: Path) -> None:
    shared = reader(folder)
    statuses = [shared.get(f"/?token=guess{i}").status_code for i in range(14)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_requests_are_counted_by_address(folder: Path) -> None:
    shared = reader(folder, limits=WebLimits(per_minute=5))
    statuses = [shared.get("/health").status_code for _ in range(7)]
    assert statuses[:5] == [200] * 5
    answer = shared.get("/health")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    buckets = Buckets(60, lambda: now[0])
    assert all(not buckets.take("a") for _ in range(60))
    assert 0 < buckets.take("a") <= 1
    assert not buckets.take("b")
    now[0] = 1.01
    assert not buckets.take("a")


def test_every_answer_forbids_inline_scripts(client: TestClient) -> None:
    for path in ("/", "/nope", "/static/style.css", "/health", "/search?since=x"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_a_long_address_is_refused(client: TestClient) -> None:
    answer = client.get("/search?q=" + "x" * 60_000)
    assert answer.status_code == 414
    assert "too long" in answer.text


def test_a_large_form_is_refused(client: TestClient) -> None:
    assert client.post("/search", content=b"x" * 3_000_000).status_code == 413


def test_forms_of_other_sites_are_refused(client: TestClient) -> None:
    assert client.post("/search", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/search", headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/search", headers={"origin": "http://127.0.0.1:8710"}).status_code == 405


def test_tokens_in_cookies() -> None:
    assert signed_in(None, "", "")
    assert signed_in(TOKEN, f"a=b; {COOKIE}={TOKEN}", "")
    assert not signed_in(TOKEN, f"{COOKIE}={TOKEN[:-1]}", "")
    assert not signed_in(TOKEN, f"{COOKIE}=\xe9", "")


def test_loopback_is_known() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.4", "example.org", ""))
