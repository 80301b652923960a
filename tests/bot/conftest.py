"""This is what tests of whole installations may ask for."""

import contextlib
import logging
import os
import shutil
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.demo import county
from bot.demo.children import free_port
from bot.demo.start import environment_for, prepare_database
from bot.demo.workspace import Workspace
from bot.settings import PREFIX, Settings
from bot.slack import manifest
from sandbox import server as sandbox
from sandbox.box import BOX
from sandbox.clock import Clock
from storage.sealing import generate_key
from tests.bot.installation import Installation

FILE = county.example()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """This is a key and a database with the example's program in it, taken over yesterday."""
    path, key = tmp_path_factory.mktemp("prepared") / "belay.db", generate_key()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    prepare_database(f"sqlite:///{path}", key, FILE, yesterday)
    return path, key


@pytest.fixture
async def installation(monkeypatch, tmp_path, prepared):
    """This is an installation in which doctor finds nothing."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    template, key = prepared
    shutil.copyfile(template, tmp_path / "belay.db")
    headers: dict[str, str | None] = {}

    async def rewrite(_: web.Request, answer: web.StreamResponse) -> None:
        for name, value in headers.items():
            answer.headers.popall(name, None)
            if value is not None:
                answer.headers[name] = value

    built = sandbox.build(clock=Clock(time.time(), rate=0.0))
    built.on_response_prepare.append(rewrite)
    async with (
        TestServer(built) as server,
        aiohttp.ClientSession() as http,
        contextlib.AsyncExitStack() as stack,
    ):
        built[BOX].url = f"http://127.0.0.1:{server.port}"
        workspace = Workspace(built[BOX].url, http)
        await workspace.post("/setup", county.workspace_of(FILE))
        described = manifest.build(Settings.model_construct())
        app = await workspace.post("/install", {"manifest": described})
        environment = environment_for(workspace, app, f"sqlite:///{tmp_path / 'belay.db'}", key)
        environment |= {
            "BELAY_HEARTBEAT_URL": "http://127.0.0.1:9/",
            "BELAY_HEALTH_PORT": str(free_port()),
            "BELAY_OUT_FILE": str(tmp_path / "belay-out.txt"),
            "BELAY_MATCHER": "off",
        }
        del environment["BELAY_SANDBOX_CLOCK_URL"]
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield Installation(workspace, tmp_path, monkeypatch.setenv, headers, stack)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
