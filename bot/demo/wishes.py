"""This fulfils what people wish for on the page: the sandbox owns neither the bot nor its rows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.demo import tour
from bot.demo.start import Product
from bot.slack.words.speech import N_, _, speaking
from protocol.people import Language

LOOK_FOR: Final = 25  # s; one look waits so long for a wish


@dataclass
class Wishes:
    """This listens at the page for as long as the demo runs."""

    product: Product
    told: Callable[[str], None]
    _since: int = 0
    _ways: Mapping[str, Callable[[], Awaitable[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self._ways = {
            "kill_bot": self._kill,
            "start_bot": self._start,
            "start_over": self._start_over,
            "speak_en": lambda: self._speak(Language.EN),
            "speak_es": lambda: self._speak(Language.ES),
        }

    async def fulfil(self) -> None:
        """Do what is wished for, one wish after the other, until cancelled."""
        while True:
            await self.once(LOOK_FOR)

    async def once(self, wait: int) -> None:
        """Look once. Looking is what tells the page that wishes are heard."""
        found = await self.product.workspace.get("/wishes", since=self._since, wait=wait)
        for wish in found["wishes"]:
            self._since = wish["n"]
            said = await self._ways[wish["wish"]]()
            await self.product.workspace.post("/wishes/done", {"n": wish["n"], "said": said})
            self.told(said)

    async def _kill(self) -> str:
        if not self.product.bot.alive:
            return self._said(N_("The bot is not running."))
        await self.product.bot.kill()
        return self._said(N_("The bot was killed. Nothing that it stored is lost."))

    async def _start(self) -> str:
        if self.product.bot.alive:
            return self._said(N_("The bot is running already."))
        await self.product.bot.start()
        return self._said(N_("The bot runs again, on the same database."))

    async def _start_over(self) -> str:
        await self.product.begin_again()
        await self.put_up_tour()
        return self._said(N_("Everything begins anew."))

    async def _speak(self, language: Language) -> str:
        await self.product.speak(language)
        await self.put_up_tour()
        return self._said(N_("Belay speaks English from here on."))

    async def put_up_tour(self) -> None:
        """Hand the page its tour, in the language of the program."""
        await self.product.workspace.post("/tour", tour.document(self.product))

    def _said(self, text: str) -> str:
        with speaking(self.product.language):
            return _(text)
