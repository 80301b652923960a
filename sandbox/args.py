"""This reads a Web API call: token and arguments, from query, form or JSON."""

import json

from aiohttp import web

from sandbox.errors import Refused
from sandbox.model import Json

TRUE = frozenset({"1", "true", "yes"})


def not_a_number(name: str) -> Refused:
    """This is how Slack refuses an argument that should be a number."""
    said = f"[ERROR] must provide a number [json-pointer:/{name}]"
    return Refused("invalid_arguments", messages=(said,))


class Args:
    """This gives arguments their types; Slack takes "1", "true" and true alike."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def text(self, name: str, default: str = "") -> str:
        """This is a string argument."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def need(self, name: str, code: str = "invalid_arguments") -> str:
        """This is a string that must be there; raises Refused with `code`."""
        value = self.text(name)
        if not value:
            missing = (f"[ERROR] missing required field: {name}",)
            raise Refused(code, messages=missing if code == "invalid_arguments" else ())
        return value

    def require(self, *names: str) -> None:
        """This passes if all were sent, be they empty; raises Refused invalid_arguments."""
        missing = [name for name in names if self.given.get(name) is None]
        if missing:
            said = tuple(f"[ERROR] missing required field: {name}" for name in missing)
            raise Refused("invalid_arguments", messages=said)

    def flag(self, name: str, default: bool = False) -> bool:
        """This is a yes or no."""
        value = self.given.get(name)
        return default if value is None else str(value).lower() in TRUE

    def number(self, name: str) -> float | None:
        """This is a number, or None if it is not given; raises Refused invalid_arguments."""
        value = self.given.get(name)
        if value in (None, ""):
            return None
        try:
            return float(str(value))
        except ValueError as problem:
            raise not_a_number(name) from problem

    def names(self, name: str) -> list[str]:
        """This is a list: JSON, or names with commas between."""
        value = self.given.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]


def bearer(request: web.Request) -> str:
    """This is the token in the header of a request, "" if there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def read(request: web.Request) -> tuple[str, Json]:
    """This is the token ("" if none) and the arguments of a call."""
    given: Json = dict(request.query)
    if request.can_read_body:
        if request.content_type == "application/json":
            try:
                body = json.loads(await request.text() or "{}")
            except ValueError as problem:
                raise Refused("invalid_json") from problem
            if not isinstance(body, dict):
                raise Refused("json_not_object")
            given |= body
        else:
            form = await request.post()
            given |= {name: value for name, value in form.items() if isinstance(value, str)}
    named = str(given.pop("token", "") or "")
    return bearer(request) or named, given
