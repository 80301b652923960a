"""Somebody at their App Home and in a form, through the sandbox: what they press there."""

from bot.demo import screen
from storage.onboarding_tables import Step
from tests.harness import Someone


async def home_of(who: Someone) -> dict:
    """The Home as it is published now."""
    return (await who.does("home"))["home"]


async def home_text(who: Someone) -> str:
    """The Home as they read it."""
    return "\n".join(screen.lines((await home_of(who))["blocks"]))


async def presses_at_home(who: Someone, label: str, block: str = "") -> dict:
    """Press a button of the Home; `block` is the block's id where several have the same label."""
    home = await home_of(who)
    found = [
        one
        for one in screen.pressables(home["blocks"])
        if one.label == label and block in ("", one.block_id)
    ]
    return await _presses(who, home["id"], found[0])


async def opens_step(who: Someone, step: Step) -> dict:
    """Open the form of a step of getting ready."""
    home = await home_of(who)
    wanted = f"ready_{step.value}"
    found = [one for one in screen.pressables(home["blocks"]) if one.block_id == wanted]
    await _presses(who, home["id"], found[0])
    return await who.form()


async def presses_in_form(who: Someone, label: str, which: int = 0) -> dict:
    """Press a button of the form in front; `which` counts equal ones from the top."""
    view = await who.form()
    same = [one for one in screen.pressables(view["blocks"]) if one.label == label]
    return await _presses(who, view["id"], same[which])


async def form_text(who: Someone) -> str:
    """The form in front, as they read it."""
    return "\n".join(screen.lines((await who.form())["blocks"]))


async def _presses(who: Someone, view_id: str, one: screen.Pressable) -> dict:
    return await who.does(
        "click",
        view_id=view_id,
        action_id=one.action_id,
        block_id=one.block_id,
        value=one.value,
    )
