"""The one table that soak, kills and bench print."""

from tests.report import WIDTH, Row, table


def test_a_table_says_what_was_seen_beside_what_was_wanted_and_counts_what_was_missed():
    rows = [
        Row("People"),
        Row("pages lost", "0 of 1,000", "none", True),
        Row(
            "worst lateness, of which there was more than one would think " * 2, "9 s", "5 s", False
        ),
        Row("restarts", "12"),
    ]
    title, _, head, _, heading, lost, *rest, restarts, _, end = table("Kills", rows).splitlines()
    assert title == "Kills"
    assert head.split() == ["seen", "wanted"]
    assert heading == "People"
    assert lost.split() == ["pages", "lost", "0", "of", "1,000", "none", "met"]
    assert rest[0].split()[-5:] == ["9", "s", "5", "s", "MISSED"]
    assert restarts.split() == ["restarts", "12"]
    assert end == "1 of 2 targets met, 1 MISSED."
    assert max(map(len, table("Kills", rows).splitlines())) <= WIDTH
