"""Does a browser show wild text in tables as text, run none of it, and fetch nothing?"""

import pandas as pd
import pytest

from revmentor.disclosure import Restricted
from revmentor.tables import interactive, show

pytestmark = pytest.mark.browser
WILD = [
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    "</td></script><b onmouseover='x()'>bold",
    "$x^2$ and \\(y\\)",
    "[link](http://evil.example)",
]


def test_wild_text_is_shown_and_not_run(tmp_path, page):
    frame = pd.DataFrame({"who": WILD, "score": 0.5})
    long = pd.concat([frame, pd.DataFrame({"who": [f"p{k}" for k in range(40)], "score": 0.1})])
    tables = (show(Restricted(frame)), interactive(Restricted(long)))
    body = "".join(table._repr_html_() for table in tables)
    page_file = tmp_path / "tables.html"
    page_file.write_text(
        f"<!doctype html><meta charset=utf-8><title>fine</title>{body}", encoding="utf-8"
    )
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(page_file.as_uri())
    page.wait_for_selector(".dt-container tbody tr", timeout=20_000)
    cells = page.locator("td:visible").all_inner_texts()
    title = page.title()
    page.locator(".dt-container input[type=search]").fill("link")
    found = page.locator(".dt-container tbody tr").count()
    for text in WILD:
        assert cells.count(text) == 2, f"{text} is shown once in each table"
    assert title == "fine"
    assert found == 1, "search works without network"
    assert [url for url in fetched if not url.startswith(("file:", "data:", "blob:"))] == []
