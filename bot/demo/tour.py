"""This makes the page's guided tour from the story: one story, two uses.

Everything in it is in the program's language. Times of day are left open, for whoever takes the
tour may move the clock as they like.
"""

import re
from typing import Final

from bot.demo import said
from bot.demo.said import At
from bot.demo.screen import Json, spoken
from bot.demo.start import Product
from bot.demo.steps import Act, Passes, Presses, ReadsThread, Scene, Sees, Step, Types
from bot.demo.story import MATTERS, STORY
from bot.slack.words.speech import _, speaking
from protocol.policy import ChannelRole

SECONDS: Final = 60
A_TIME: Final = re.compile(r"(\d\d):(\d\d)")
# Whoever acts in the story, or has to see something, in the order of their first moment.
CAST: Final = tuple(
    dict.fromkeys(
        who
        for scene in STORY
        for step in scene.steps
        for who in (step.who, *(promise.who for promise in step.then))
        if who and not who.startswith("#")
    )
)


def document(product: Product) -> Json:
    """The tour as the page takes it (docs/sandbox.md)."""
    with speaking(product.language):
        scenes = [_scene(product, scene) for scene in STORY]
    return {
        "run": product.run,
        "language": product.language.value,
        "people": [product.people[who].user for who in CAST],
        "scenes": scenes,
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
        "optional": step.optional,
        "instead": [_promise(product, one) for one in step.instead],
    }


def _act(product: Product, act: Act) -> Json:
    match act:
        case Types():
            home = _(act.home) if act.home else None
            return {"kind": "types", "command": act.command, "home": home} | _form(act)
        case Presses():
            return {"kind": "presses", "label": _(act.label)} | _form(act)
        case Passes():
            return {"kind": "passes", "seconds": act.minutes * SECONDS}
        case ReadsThread():
            return {"kind": "reads", "channel": _channel(product, act.channel)}


def _form(act: Types | Presses) -> Json:
    """The form that opens, if one does, and the label of the button that sends it."""
    if act.answers is None:
        return {"answers": None, "sends": None}
    given = zip(act.answers, said.answers(act.answers).items(), strict=True)
    answers = [
        {"label": label, "answer": one, "shown": _shown(str(one)), "matters": question in MATTERS}
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
