"""This makes the page's guided tour from its stories: each is data, and the first has two uses.

Everything in it is in the program's language. Times of day are left open, for whoever takes the
tour may move the clock as they like.
"""

import re
from typing import Final

from bot.demo import said
from bot.demo.said import At
from bot.demo.screen import Json, spoken
from bot.demo.start import Product
from bot.demo.steps import Act, Passes, Presses, ReadsThread, Scene, Sees, Step, Story, Types
from bot.demo.story import FILLED_IN, MATTERS, STORY
from bot.demo.story_matrix import WHO_HANDLES_THIS
from bot.slack.words import home
from bot.slack.words.speech import N_, _, speaking
from protocol.policy import ChannelRole

SECONDS: Final = 60
A_TIME: Final = re.compile(r"(\d\d):(\d\d)")
VISIT: Final = Story(
    "visit",
    N_("A missed check-in"),
    N_("Everybody is accounted for. Play on as you like, or begin again."),
    STORY,
)


def stories(matcher: str) -> tuple[Story, ...]:
    """What can be played, the usual one first; without a matcher nothing answers a question."""
    return (VISIT,) if matcher == "off" else (VISIT, WHO_HANDLES_THIS)


def cast(story: Story) -> tuple[str, ...]:
    """Whoever acts in it, then whoever only has to see something; each by their first moment.

    The page opens the phones of the first of them.
    """
    steps = [step for scene in story.scenes for step in scene.steps]
    acting = [step.who for step in steps]
    seeing = [promise.who for step in steps for promise in step.then]
    return tuple(dict.fromkeys(who for who in acting + seeing if who and not who.startswith("#")))


def document(product: Product) -> Json:
    """The tour as the page takes it (docs/sandbox.md)."""
    with speaking(product.language):
        first, *more = (_story(product, one) for one in stories(product.matcher))
    return {"run": product.run, "language": product.language.value, **first, "more": more}


def _story(product: Product, story: Story) -> Json:
    return {
        "name": story.name,
        "title": _(story.title),
        "over": _(story.over),
        "people": [product.people[who].user for who in cast(story)],
        "scenes": [_scene(product, scene) for scene in story.scenes],
    }


def _scene(product: Product, scene: Scene) -> Json:
    steps = [_step(product, one) for one in scene.steps if not one.aside]
    return {"heading": _(scene.heading), "steps": steps}


def _step(product: Product, step: Step) -> Json:
    return {
        "name": _(step.name),
        "why": spoken(_(step.why)),
        "who": product.people[step.who].user if step.who else None,
        "act": _act(product, step.act),
        "then": [_promise(product, one) for one in step.then if not one.by_answer],
        "until": _(step.until) if step.until else None,
        "note": spoken(_(step.note)) if step.note else None,
        "leave_out": _(step.leave_out) if step.leave_out else None,
        "again": step.again,
        "instead": [_promise(product, one) for one in step.instead],
    }


def _act(product: Product, act: Act) -> Json:
    match act:
        case Types():
            at_home = _(act.home) if act.home else None
            return {"kind": "types", "command": _(act.command), "home": at_home} | _form(act)
        case Presses():
            channel = _channel(product, act.channel) if act.channel else None
            return {"kind": "presses", "label": _(act.label), "channel": channel} | _form(act)
        case Passes():
            return {"kind": "passes", "seconds": act.minutes * SECONDS}
        case ReadsThread():
            channel = _channel(product, act.channel)
            return {"kind": "reads", "channel": channel, "link": _(home.THREAD)}


def _form(act: Types | Presses) -> Json:
    """The form that opens, if one does, and the label of the button that sends it."""
    if act.answers is None:
        return {"answers": None, "sends": None}
    given = zip(act.answers, said.answers(act.answers).items(), strict=True)
    answers = [
        {
            "label": label,
            "answer": one,
            "shown": _shown(str(one)),
            "matters": question in MATTERS,
            "filled_in": question in FILLED_IN,
        }
        for question, (label, one) in given
    ]
    return {"answers": answers, "sends": _(act.sends)}


def _shown(answer: str) -> str:
    """An answer as people read it: a time as the bot writes it, not as a form holds it."""
    time = A_TIME.fullmatch(answer)
    return At(int(time[1]), int(time[2])).pieces()[0] if time else answer


def _promise(product: Product, promise: Sees) -> Json:
    at_channel = promise.who.startswith("#")
    return {
        "channel": _channel(product, promise.who) if at_channel else None,
        "user": None if at_channel else product.people[promise.who].user,
        "texts": [part for text in promise.texts for part in said.pieces(text, times=False)],
        "edited": promise.edited,
    }


def _channel(product: Product, name: str) -> str:
    return product.channels[ChannelRole(name[1:].replace("-", "_"))]
