"""This keeps the controls of the sandbox to this machine."""

import ipaddress

from aiohttp import web

from sandbox.errors import Refused

NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def only_from_here(request: web.Request) -> None:
    """This refuses other machines, and web pages that lure a browser on this one.

    A page elsewhere is known by its Origin, a name that was made to point here by its Host.
    """
    try:
        local = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        local = False
    host = (request.host or "").rsplit(":", 1)[0]
    origin = request.headers.get("Origin")
    strange = origin is not None and origin != f"http://{request.host}"
    if not local or host not in NAMES or strange:
        raise Refused("loopback_only", status=403)
