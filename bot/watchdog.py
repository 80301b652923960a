"""This tells the process manager that the safety clock goes round: systemd's notify protocol.

A word is sent only after the sweep has gone round since the last one, so that a sweep that hangs is
silence, however well the rest of the process feels; systemd then ends it and starts another. While
the database is away the sweep still goes round, with a fault each time: a restart would not help.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, NoReturn

import structlog

from bot.clock import Sleep

# The sweep goes round at least once a second when it has nothing to do.
LOOK_EVERY: Final = 1.0  # s

log = structlog.get_logger(__name__)


class Watchdog:
    """This sends to NOTIFY_SOCKET; an empty `address` means that nobody listens.

    `turns` counts how often the sweep went round. An address that begins with @ is an abstract one.
    """

    def __init__(
        self, address: str, turns: Callable[[], int], *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._turns = turns
        self._sleep = sleep
        self._seen = 0
        self._ready = False
        self._idle = False

    async def run(self) -> NoReturn:
        """This looks once a second, for ever."""
        while True:
            self.look()
            await self._sleep(LOOK_EVERY)

    def look(self) -> None:
        """This says a word if the sweep went round since the last look; the first says READY."""
        turns = self._turns()
        if turns == self._seen and not self._idle:
            return
        self._seen = turns
        self._say("WATCHDOG=1" if self._ready else "READY=1\nWATCHDOG=1")
        self._ready = True

    def idle(self, why: str) -> None:
        """The sweep was stopped on purpose and the process stays: from now on no turn is needed."""
        self._idle = True
        self._say(f"STATUS={why}")

    def stopping(self) -> None:
        """This says that the end was asked for."""
        self._say("STOPPING=1")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
                way.setblocking(False)
                way.sendto(words.encode(), self._address)
        except OSError as error:
            # A process manager that does not hear us must not stop the clock.
            log.warning("watchdog.unheard", error_type=type(error).__name__)
