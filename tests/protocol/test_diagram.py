"""The page about the protocol is drawn from the table."""

from pathlib import Path

from protocol.diagram import page


def test_the_protocol_page_is_what_the_table_says():
    said = Path("docs/protocol.md").read_text(encoding="utf-8")
    assert said == page(), "run: belay protocol > docs/protocol.md"
