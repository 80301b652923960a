"""The texts of the story, as they are looked for on a screen."""

from bot.demo.said import At, said
from bot.slack.words import labels
from bot.slack.words.speech import speaking


def test_a_spanish_hour_that_is_left_open_takes_its_article_along():
    due = said(labels.DUE_AT, what="Reporte", at=At(14, 6))
    with speaking("es"):
        (before,) = due.pieces(times=False)
        screens = [str(said(labels.DUE_AT, what="Reporte", at=At(hour, 6))) for hour in (13, 14)]
    assert screens == [
        "Reporte: se espera a la 1:06 p.m.",
        "Reporte: se espera a las 2:06 p.m.",
    ]
    assert all(before in screen for screen in screens)
