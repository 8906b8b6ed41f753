"""The demo from its first act to its last word."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.text import Text

from probe.demo.play import Stagehand, Tempo, play
from probe.demo.screen import board, summary
from probe.demo.stage import Stage

_REFRESH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Show:
    """A script about to be played on *world*; *where* names the service's pages by address."""

    world: Stagehand
    stage: Stage
    tempo: Tempo
    console: Console
    where: Mapping[str, str]

    async def run(self, *, stay: bool) -> int:
        """
        Play the script and show it; with *stay*, come back only when cancelled.

        Returns 0 if every scripted fault was found with its reason and recovered, 1 if not.
        """
        if self.console.is_terminal:
            await self._on_a_board(stay=stay)
        else:
            self._say([f"{name}: {url}" for name, url in self.where.items()])
            await play(self.world, self.stage, self.tempo, self.stage.script)
        self._say(summary(self.stage))
        if stay:
            await asyncio.Event().wait()
        return 1 if self.stage.missed else 0

    def _say(self, lines: list[str]) -> None:
        for line in lines:
            self.console.print(Text(line), soft_wrap=True)

    async def _on_a_board(self, *, stay: bool) -> None:
        with Live(console=self.console, auto_refresh=False) as live:
            async with asyncio.TaskGroup() as tasks:
                painter = tasks.create_task(self._paint(live))
                await play(self.world, self.stage, self.tempo, self.stage.script)
                if stay:
                    await painter
                painter.cancel()
            self._draw(live)

    async def _paint(self, live: Live) -> None:
        while True:
            self._draw(live)
            await self.tempo.clock.sleep(_REFRESH_SECONDS)

    def _draw(self, live: Live) -> None:
        live.update(board(self.stage, self.tempo.clock.now(), self.where), refresh=True)
