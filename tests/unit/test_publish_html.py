"""Pages show results and nothing else: no code, no script, no network, no stranger's HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from revmentor.publish.html import write_page
from revmentor.publish.sanitize import sanitize
from revmentor.tiles import Pointer

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


class Elements(HTMLParser):
    """All start tags with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def shown(data: dict[str, str], **metadata: Any) -> Any:
    return new_output("display_data", data=data, metadata=metadata)


def page(tmp_path: Path, *cells: Any, **options: Any) -> str:
    notebook = tmp_path / "book.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), notebook)
    target = tmp_path / "objectives.html"
    return write_page(notebook, target, **{"title": "Spring 2026", **options}).read_text("utf-8")


def test_results_are_shown_and_code_is_not(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        new_markdown_cell("# Who is in?\n\nFor the coordinator, $5 to $9."),
        new_code_cell("cycle = 'x'", metadata={"tags": ["parameters"]}),
        new_code_cell(
            "cycle = 'INJECTED'",
            metadata={"tags": ["injected-parameters"]},
            outputs=[new_output("stream", name="stdout", text="OUTPUT OF PARAMETERS")],
        ),
        new_code_cell(
            "SECRET_CODE()",
            outputs=[
                new_output("stream", name="stdout", text="rows read 600"),
                new_output("stream", name="stderr", text="A WARNING"),
            ],
        ),
        new_code_cell("more_code()"),
    )
    assert "<h1>Who is in?</h1>" in text
    assert "<title>Who is in? · Spring 2026</title>" in text
    assert "For the coordinator, $5 to $9." in text
    assert "rows read 600" in text
    for hidden in ("SECRET_CODE", "INJECTED", "OUTPUT OF PARAMETERS", "A WARNING", "more_code"):
        assert hidden not in text


def test_nothing_is_loaded_and_nothing_runs(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        new_markdown_cell("# Title\n\n[a source](https://example.org) and $x^2$"),
        new_code_cell(
            "f", outputs=[shown({"image/png": PIXEL}, **{"image/png": {"alt": "a map"}})]
        ),
    )
    elements = Elements(text)
    assert elements.all("script") == elements.all("link") == elements.all("iframe") == []
    loaded = [tag.get(name) for _, tag in elements.tags for name in ("src", "srcset", "data")]
    assert [value[:10] for value in loaded if value] == ["data:image"]
    assert not re.search(r"@import|url\(", text)
    assert "cdn" not in text.lower()
    assert "MathJax" not in text
    policy = next(
        m["content"] for m in elements.all("meta") if "content" in m and "http-equiv" in m
    )
    assert policy is not None
    assert "default-src 'none'" in policy


def test_figures_carry_their_alternative_text(tmp_path: Path) -> None:
    alt = 'Python is short by "46" places & more'
    data = {"image/png": PIXEL, "text/plain": "<Figure size 640x480>"}
    output = shown(data, **{"image/png": {"alt": alt, "width": 760}})
    images = Elements(page(tmp_path, new_code_cell("f", outputs=[output]))).all("img")
    assert [(image["alt"], image["width"]) for image in images] == [(alt, "760")]


def test_hostile_output_is_made_harmless(tmp_path: Path) -> None:
    hostile = "<td onclick=x()>n</td><script>alert(1)</script><img src=x onerror=alert(2)>"
    text = page(
        tmp_path,
        new_code_cell(
            "t",
            outputs=[
                shown({"text/html": f"<table><tr>{hostile}</tr></table>"}),
                shown({"text/markdown": f"**bold** {hostile} [x](javascript:alert(3))"}),
                shown({"application/javascript": "alert(4)", "text/plain": "a widget"}),
                shown({"image/svg+xml": "<svg onload='alert(5)'><script>alert(6)</script></svg>"}),
                new_output("stream", name="stdout", text="<script>alert(7)</script>"),
            ],
        ),
    )
    elements = Elements(text)
    assert elements.all("script") == elements.all("svg") == []
    assert not [name for _, tag in elements.tags for name in tag if name.startswith("on")]
    assert "javascript:" not in text
    assert "<strong>bold</strong>" in text
    assert "a widget" in text
    assert "&lt;script&gt;alert(7)&lt;/script&gt;" in text


def test_names_in_head_and_navigation_are_text(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        new_markdown_cell("# <b>x</b>"),
        title="</title><script>1</script>",
        pages=[("<i>Report</i>", "index.html?\"'>"), ("Goals", "objectives.html")],
        made={"<u>": "<s>"},
    )
    elements = Elements(text)
    assert (
        elements.all("script") == elements.all("i") == elements.all("u") == elements.all("s") == []
    )
    current = [link["href"] for link in elements.all("a") if link.get("aria-current") == "page"]
    assert current == ["objectives.html"]


def test_restricted_pages_say_so(tmp_path: Path) -> None:
    assert "Restricted" in page(tmp_path, restricted=True)
    assert "Restricted: for the coordinator" not in page(tmp_path)


def test_page_without_cells_is_a_page(tmp_path: Path) -> None:
    text = page(tmp_path, mode=0o600)
    assert "<title>Spring 2026</title>" in text
    assert (tmp_path / "objectives.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "fragment",
    [
        "<style>p{background:url(http://x)}</style>",
        "<style>@import 'http://x';</style>",
        "<style>p{background:\\75rl(http://x)}</style>",
        '<p style="background:url(http://x)"></p>',
        "<STYLE>x</STYLE\n><iframe src='http://x'></iframe>",
        '<img src="http://x/y.png">',
        '<img src="data:text/html;base64,eA==">',
        '<img src="data:image/svg+xml;base64,eA==">',
        '<a href="http://x">t</a>',
        '<a href="//x/y">t</a>',
        '<a href="data:text/html,x">t</a>',
        '<link rel="stylesheet" href="http://x">',
        '<form action="http://x"><input></form>',
        '<meta http-equiv="refresh" content="0;url=http://x">',
        "<scr<script>x</script>ipt>alert(1)</scr<script>x</script>ipt>",
        "<object data='http://x'></object><embed src='http://x'>",
        "<svg><a xlink:href='http://x'></a></svg>",
    ],
)
def test_sanitize_lets_nothing_act_or_load(fragment: str) -> None:
    clean = sanitize(fragment)
    for _, attributes in Elements(clean).tags:
        assert not {"src", "href", "action", "data"} & set(attributes)
        assert "url" not in str(attributes.get("style"))
    assert not re.search(r"url\(|@import|\\75", clean)
    assert not {"script", "iframe", "link", "form", "meta", "object", "embed", "svg"} & {
        tag for tag, _ in Elements(clean).tags
    }


def test_sanitize_keeps_a_table_with_its_style() -> None:
    table = (
        '<div id="t" style="overflow-x:auto;"><style>#t td> :first-child { margin: 0; }</style>'
        '<table class="gt"><thead><tr><th id="a" scope="col">a</th></tr></thead>'
        '<tbody><tr><td headers="a" style="text-align: right; color: #333333;">&lt;b&gt; 1</td>'
        "</tr></tbody></table></div>"
    )
    clean = sanitize(table)
    assert "<style>#t td> :first-child { margin: 0; }</style>" in clean
    assert '<th id="a" scope="col">a</th>' in clean
    assert "text-align: right; color: #333333;" in clean
    assert "&lt;b&gt; 1" in clean


def test_a_pointer_is_a_working_link_and_its_text_stays_text() -> None:
    kept = sanitize(Pointer("<b>a ", "../restricted/pairs.html", "p & q", ".")._repr_html_())
    assert '&lt;b&gt;a <a href="../restricted/pairs.html">p &amp; q</a>.' in kept
    assert "<b>" not in kept
    assert "href" not in sanitize(Pointer("", "javascript:x()", "p", "")._repr_html_())


def test_no_line_of_a_page_ends_within_an_option_of_a_command(tmp_path: Path) -> None:
    pointer = Pointer(
        "Fill ", "a.xlsx", "a.xlsx", ", run revmentor decide x --by NAME."
    )._repr_html_()
    cell = new_code_cell("x", outputs=[shown({"text/html": pointer})])
    text = page(tmp_path, cell, standing="Next: revmentor approve x --by <NAME>.")
    kept = '<span class="option">--by</span>'
    assert f"revmentor decide x {kept} NAME" in text
    assert f"revmentor approve x {kept} &lt;NAME&gt;" in text
    assert ".option { white-space: nowrap; }" in text
