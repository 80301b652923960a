"""This is a matrix of three rows for scenarios; `/page` pages for whichever is shown."""

from bot.handlers import door, opening_trigger, trigger
from protocol.people import Role
from protocol.policy import ChannelRole
from protocol.trigger import Both, Pageable, RowUsed, Tier, ladder

CALL_911 = Both("In progress? Call 911 first.", "¿Está pasando? Llama primero al 911.")
SUICIDAL_INTENT = Pageable(
    RowUsed(
        "suicidal_intent",
        "3f2a",
        Tier.U0,
        Both("Somebody talks of suicide", "Alguien habla de suicidio"),
        (CALL_911,),
        (Both("Stay with them.", "Quédate con la persona."),),
    ),
    ladder(Tier.U0, Role.CLINICAL_LEAD, Role.COORDINATOR, ChannelRole.CLINICAL),
    Role.COORDINATOR,
    ChannelRole.CLINICAL,
)
OWN_LIFE = Pageable(
    RowUsed(
        "own_return_to_use",
        "3f2a",
        Tier.U2,
        Both("You used again", "Volviste a consumir"),
        (Both("Call or text 988", "Llama al 988 o envía un mensaje"),),
    ),
    ladder(Tier.U2, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD),
    Role.CLINICAL_LEAD,
    private=True,
)


def shows(monkeypatch, page: Pageable) -> None:
    """This has `/page` open the form of this row, as the answer's button would."""
    for module in (opening_trigger, trigger):
        monkeypatch.setattr(module, "MANUAL_PAGE", page)
    monkeypatch.setattr(door, "only_by_hand", lambda key, _version: page)
