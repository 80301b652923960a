"""This is the part of the control API that the page needs: signal, wishes, and the tour."""

from sandbox import reception
from sandbox.box import Sandbox
from sandbox.model import Json


async def signal(box: Sandbox, given: Json) -> Json:
    """This takes a person's phone its signal, or gives it back."""
    user = str(given.get("user") or "")
    box.workspace.person(user)
    change = reception.lose if given.get("lost", True) else reception.regain
    change(box, user)
    return {"lost": sorted(box.lost)}


async def wishes(box: Sandbox, given: Json) -> Json:
    """This is every wish since a number; with `wait` it waits for one."""
    since, wait = int(given.get("since") or 0), float(given.get("wait") or 0)
    return {"wishes": await box.wishes.since(since, wait)}


async def make_wish(box: Sandbox, given: Json) -> Json:
    """This makes a wish."""
    return {"n": box.wishes.make(str(given.get("wish")), box.clock.now())}


async def wish_done(box: Sandbox, given: Json) -> Json:
    """This notes what became of a wish."""
    box.wishes.done(int(given.get("n") or 0), str(given.get("said") or ""))
    return {}


async def tour(box: Sandbox, _: Json) -> Json:
    """This is the guided tour, or null."""
    return {"tour": box.onlookers.tour or None}


async def set_tour(box: Sandbox, given: Json) -> Json:
    """This puts up a guided tour, whatever is in it; an empty one takes it down."""
    box.onlookers.tour = given
    return {}
