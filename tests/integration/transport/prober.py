"""Makes one attempt and judges it, as the engine would."""

from dataclasses import dataclass, replace

from probe.domain.artifact import Artifact
from probe.domain.failure import FailureReason, Phase
from probe.domain.judge import judge
from probe.domain.observation import Download, Inconclusive, Passed, Verdict
from probe.domain.request import request_for
from probe.domain.target import Depth, Earlier, Egress, Limits, Probe, Region, Slice
from probe.ports import Fetcher
from tests.builders import BODY, a_target, an_artifact, an_endpoint

# Long enough for a loaded machine to do anything at all, short enough to wait for.
HASTY = Limits(
    connect_seconds=0.3, first_byte_seconds=0.3, stall_seconds=0.4, total_seconds=30, minimum_rate=0
)


@dataclass(frozen=True)
class Attempted:
    download: Download
    verdict: Verdict

    @property
    def passed(self) -> bool:
        return isinstance(self.verdict, Passed)

    @property
    def failure(self) -> tuple[FailureReason, Phase]:
        """The reason and the phase; asking for them of a success is a failing test."""
        assert not isinstance(self.verdict, Passed), self.download
        return (self.verdict.failure.reason, self.verdict.failure.phase)

    @property
    def detail(self) -> str:
        assert not isinstance(self.verdict, Passed), self.download
        return self.verdict.failure.detail

    @property
    def ours(self) -> bool:
        return isinstance(self.verdict, Inconclusive)

    @property
    def phases(self) -> set[Phase]:
        return {phase for phase, _ in self.download.timings.items()}


class Prober:
    def __init__(self, fetcher: Fetcher) -> None:
        self.fetcher = fetcher

    async def probe(
        self,
        url: str,
        artifact: Artifact | None = None,
        *,
        depth: Depth = Depth.FULL,
        part: Slice = Slice.FIRST,
        etag: str = "",
        egress: Egress = Egress(),
        headers: dict[str, str] | None = None,
        history: tuple[Earlier, ...] = (),
        address: str = "",
        **endpoint: object,
    ) -> Attempted:
        target = a_target(
            artifact=artifact or an_artifact(body=BODY),
            endpoint=an_endpoint(url=url, **endpoint),
            region=Region("eu-west-1", egress),
            history=history,
            address=address,
        )
        probe = Probe(target, depth, part, etag)
        request = replace(request_for(probe), headers=headers or {})
        download = await self.fetcher.fetch(request)
        return Attempted(download, judge(probe, download))
