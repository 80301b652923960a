"""What nobody's client would send: payloads that were spoilt, and text that hurts parsers."""

import copy
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

# Each of these broke some parser somewhere. The markers say where an echo would come from.
MARK: Final = "zq-echo-7731"
NASTY: Final = (
    "",
    MARK,
    "\x00",
    "\ud800",
    "m1|a|1" * 40,
    "|||",
    "m1||99999999999999999999",
    "home||0",
    "../../etc/passwd",
    "'; DROP TABLE person; --",
    "<!channel> <@U_ROSA>",
    "{" * 200,
    "[" * 200,
    '{"matter": 1}',
    '{"matter": "m1", "zone": "../UTC"}',
    '{"matter": "m1", "zone": "UTC", "program": []}',
    '{"program": "county", "plans": [["m1", 1e999]]}',
    "9" * 400,
    "-1",
    "NaN",
    "é" * 3000,
    "١٢",
    "²",
)
TEXT: Final = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
JUNK: Final = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        TEXT,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
Draw = Callable[[st.SearchStrategy[Any]], Any]
SPOILT_MAX: Final = 3


def spoilt(body: dict[str, Any], draw: Draw, kept: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The payload with some of it dropped or replaced, anywhere in it; `kept` stay at the top."""
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, SPOILT_MAX))):
        _spoil(body, draw, kept)
    return body


def _spoil(body: Any, draw: Draw, kept: frozenset[str]) -> None:
    where = body
    while True:
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        keys = [key for key in keys if where is not body or key not in kept]
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        deeper = where[key]
        if isinstance(deeper, dict | list) and deeper and draw(st.integers(0, 3)):
            where = deeper
            continue
        if isinstance(where, dict) and not draw(st.integers(0, 3)):
            del where[key]
        else:
            where[key] = draw(JUNK)
        return
