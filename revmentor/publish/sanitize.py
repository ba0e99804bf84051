"""Outputs of notebooks as harmless HTML: what is not known to be safe is taken out.

Tables and sentences are escaped where they are made; this is the second wall. Scripts, frames,
forms, event handlers, foreign addresses and styles that load anything do not pass.
"""

from __future__ import annotations

import re

import bleach
from bleach.css_sanitizer import ALLOWED_CSS_PROPERTIES, CSSSanitizer

_TAGS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub "
    "summary sup table tbody td tfoot th thead time tr ul"
)
_ANYWHERE = frozenset({"class", "dir", "id", "lang", "role", "style", "title"})
_BY_TAG = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "col": {"span"},
    "colgroup": {"span"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "ol": {"start"},
    "details": {"open"},
}
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_LOCAL = re.compile(r"(?!//)[\w./#-][\w./#-]*")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_LOADS = re.compile(r"[<\\]|@import|url\s*\(|image-set|expression\s*\(", re.IGNORECASE)
_EMPTY_IMAGE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_CODE = re.compile(r"<(script|template|noscript|iframe|object)\b.*?</\1\s*>", re.DOTALL | re.I)
_LAYOUT = (
    "align-items border border-bottom border-collapse border-left border-radius border-right "
    "border-spacing border-style border-top border-width box-sizing column-gap display flex "
    "flex-basis flex-direction flex-grow flex-wrap font-variant-numeric gap grid-template-columns "
    "height justify-content left line-height margin margin-bottom margin-left margin-right "
    "margin-top max-height max-width min-height min-width opacity overflow overflow-wrap "
    "overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top "
    "table-layout text-align text-indent text-transform top vertical-align white-space width "
    "word-break"
)
_CSS = CSSSanitizer(allowed_css_properties={*ALLOWED_CSS_PROPERTIES, *_LAYOUT.split()})


def _allowed(tag: str, name: str, value: str) -> bool:
    if name in _ANYWHERE or name.startswith("aria-"):
        return True
    if name not in _BY_TAG.get(tag, ()):
        return False
    if name == "src":
        return bool(_IMAGE.fullmatch(value))
    if name == "href":
        return bool(_LOCAL.fullmatch(value)) and not value.startswith("//")
    return True


def sanitize(fragment: str) -> str:
    """The fragment without anything that acts, loads or leads outside the report.

    >>> sanitize('<b onclick="x()">1</b><script>alert(1)</script><img src=x onerror=y>')
    '<b>1</b>'
    >>> sanitize('<a href="javascript:x">t</a> <a href="objectives.html#goal">goal</a>')
    '<a>t</a> <a href="objectives.html#goal">goal</a>'
    >>> sanitize('<style>p {color: red}</style><style>@import "x"</style><p>a &lt; b</p>')
    '<style>p {color: red}</style><p>a &lt; b</p>'
    """
    styles: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if not _LOADS.search(found[1]):
            styles.append(f"<style>{found[1]}</style>")
        return ""

    rest = _CODE.sub("", _STYLE.sub(keep, _CODE.sub("", fragment)))
    clean: str = bleach.clean(
        rest,
        tags=_TAGS.split(),
        attributes=_allowed,
        protocols={"data", "https"},
        css_sanitizer=_CSS,
        strip=True,
    )
    return "".join(styles) + _EMPTY_IMAGE.sub("", clean)
