"""A line to the workspace that can be wedged: connected, and nothing moves, in one or both ways.

The sandbox can play dead on a socket (`half_open`) and leave a call without an answer (`hang`).
This is below both: what was sent lies in the kernel's buffers, as behind a dead router. It carries
HTTP and Socket Mode alike, and gives the tickets for sockets its own address.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass
class Line:
    """One address that leads to another; `outwards` and `inwards` say whether anything moves."""

    target: int
    port: int = 0
    outwards: asyncio.Event = field(default_factory=asyncio.Event)
    inwards: asyncio.Event = field(default_factory=asyncio.Event)

    def free(self) -> None:
        """Let everything move, also what was held."""
        self.outwards.set()
        self.inwards.set()

    def wedge(self, *, outwards: bool, inwards: bool) -> None:
        """Hold what comes from now on in these directions."""
        if outwards:
            self.outwards.clear()
        if inwards:
            self.inwards.clear()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        here, there = str(self.target).encode(), str(self.port).encode()
        both = [
            asyncio.ensure_future(_pump(reader, far_writer, self.outwards, b"", b"")),
            asyncio.ensure_future(
                _pump(
                    far_reader,
                    writer,
                    self.inwards,
                    b"ws://127.0.0.1:" + here,
                    b"ws://127.0.0.1:" + there,
                )
            ),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            writer.close()
            far_writer.close()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    moving: asyncio.Event,
    old: bytes,
    new: bytes,
) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            await moving.wait()
            # Both ports have five digits, so lengths stay as they were told.
            writer.write(data.replace(old, new) if old and len(old) == len(new) else data)
            await writer.drain()


@asynccontextmanager
async def line() -> AsyncIterator[Line]:
    """A line that moves; where it leads to is said later."""
    made = Line(0)
    made.free()
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
