"""This puts the parts of the sandbox together: what they stand on, and the transports."""

from aiohttp import web

from sandbox.clock import Clock
from sandbox.delivery import Delivery
from sandbox.ground import Ground
from sandbox.http_push import HttpPush
from sandbox.rates import Limiter
from sandbox.sockets import Sockets
from sandbox.timing import Timing


class Sandbox(Ground):
    """This is one workspace with everything around it."""

    def __init__(self, clock: Clock, timing: Timing, limiter: Limiter) -> None:
        super().__init__(clock, timing, limiter)
        self.sockets = Sockets(self)
        self.http = HttpPush(self)
        self.delivery = Delivery(self, self.sockets, self.http)

    def reset(self) -> None:
        """This empties the workspace and cuts its connections; the server stays."""
        self.sockets.cut()
        self.empty()
        self.delivery = Delivery(self, self.sockets, self.http)

    async def close(self) -> None:
        """This ends everything."""
        self.sockets.cut()
        await super().close()
        await self.http.close()


BOX = web.AppKey("box", Sandbox)
"""Where the application keeps its sandbox."""
