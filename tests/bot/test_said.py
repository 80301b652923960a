"""The texts of the story, as they are looked for on a screen."""

from bot.demo.said import At, said
from bot.slack.words import labels
from bot.slack.words.speech import speaking
from protocol.records import Expecting


def test_a_spanish_hour_that_is_left_open_takes_its_article_along():
    words = labels.DUE[Expecting.CHECK_IN]
    due = said(words, at=At(14, 6))
    with speaking("es"):
        (before,) = due.pieces(times=False)
        screens = [str(said(words, at=At(hour, 6))) for hour in (13, 14)]
    assert screens == [
        "Repórtate antes de la 1:06 p.m.",
        "Repórtate antes de las 2:06 p.m.",
    ]
    assert all(before in screen for screen in screens)
