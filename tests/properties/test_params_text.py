"""Whatever text a company writes into its params, it comes back as it was."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.params.layers import parse_layer
from revmentor.params.resolve import written

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20
) | st.sampled_from(
    ["no", "null", "010", "2026-01-12", "a: b", "# x", "- a", "1e3", "~", "!x", "=", ""]
)
VALUES = st.recursive(
    TEXT
    | st.dates()
    | st.booleans()
    | st.none()
    | st.integers(min_value=-(10**17) + 1, max_value=10**17)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4))
def test_what_is_written_reads_back(values: dict[str, object]) -> None:
    layer = parse_layer("base", "base.yaml", written(values).encode())
    assert layer.faults == ()
    assert layer.values == values


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=60) | st.text(":-[]{}!&*%#'\"\\n\\t 0aé\n", max_size=40).map(str.encode))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    layer = parse_layer("base", "base.yaml", content)
    assert layer.values is not None or layer.faults
    assert all(fault.file == "base.yaml" and fault.cure for fault in layer.faults)
