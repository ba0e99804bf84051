"""What answers carry beside the page, told in full: a weaker header or cookie is noticed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkin_cases import KEY, Bench, hidden, open_bench

from revmentor.checkin import tokens


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


def test_every_answer_carries_the_headers(bench: Bench) -> None:
    client = bench.client()
    style = re.search(r'href="(/style-\w+\.css)"', bench.visitor("m1").get().text)
    assert style is not None
    paths = [bench.path("m1"), "/c/x", "/nothing", "/coordinator", "/health", "/icon.svg",
             style[1], f"{bench.path('m1')}/1/"]  # fmt: skip
    promised = {
        "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex, nofollow",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "strict-transport-security": "max-age=31536000",
    }
    for path in paths:
        found = client.get(path).headers
        assert {name: found.get(name, "") for name in promised} == promised, path
    cookie = client.get(bench.path("m1")).headers["set-cookie"]
    assert cookie.partition("; ")[2].split("; ") == [
        "HttpOnly", f"Path={bench.path('m1')}", "SameSite=strict", "Secure",
    ]  # fmt: skip
    language = client.get(f"{bench.path('m1')}?lang=de").headers.get_list("set-cookie")[-1]
    assert language.split("; ") == [
        "language=de", "HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=strict", "Secure",
    ]  # fmt: skip
    assert client.get(bench.path("m1")).headers["cache-control"] == "no-store"


def test_a_sign_in_works_once_and_a_look_does_not_use_it_up(bench: Bench) -> None:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    path = tokens.login_link("", KEY, "c", until)
    client = bench.client()
    code = hidden(client.get(path).text)["code"]
    assert client.get(path).status_code == 200
    signed_in = client.post(path, data={"code": code})
    assert signed_in.status_code == 303
    assert signed_in.headers["set-cookie"].partition("; ")[2].split("; ") == [
        "HttpOnly", "Max-Age=28800", "Path=/coordinator", "SameSite=strict", "Secure",
    ]  # fmt: skip
    assert client.get("/coordinator").status_code == 200
    again = bench.client()
    assert again.post(path, data={"code": code}).status_code == 410
    assert again.get("/coordinator").status_code == 403
    cookie = client.cookies["coordinator"]
    left = hidden(client.get("/coordinator").text)["code"]
    assert client.post("/coordinator/leave", data={"code": left}).status_code == 200
    client.cookies.set("coordinator", cookie, domain="checkin.example.com", path="/coordinator")
    assert client.get("/coordinator").status_code == 403
