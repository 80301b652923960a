"""This is `python -m sandbox`: a Slack workspace in a box."""

import argparse
import asyncio
import json
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.box import BOX
from sandbox.server import build

HOST = "127.0.0.1"
SHUTDOWN_WITHIN = 2.0


async def serve(port: int, port_file: Path | None, seed: dict[str, Any] | None) -> None:
    """This serves until SIGTERM or SIGINT; prints one JSON line with the address."""
    app = build(seed=seed)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_WITHIN)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    await site.start()
    bound = runner.addresses[0][1]
    app[BOX].url = f"http://{HOST}:{bound}"
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if port_file is not None:
        await asyncio.to_thread(port_file.write_text, str(bound))
    print(json.dumps({"url": app[BOX].url}), flush=True)
    await stop.wait()
    await runner.cleanup()


def main() -> None:
    """This reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--port-file", type=Path, help="written once the port is open")
    parser.add_argument("--seed", type=Path, help="JSON: team, people, channels, install, clock")
    given = parser.parse_args()
    seed = json.loads(given.seed.read_text()) if given.seed else None
    asyncio.run(serve(given.port, given.port_file, seed))


if __name__ == "__main__":
    main()
