"""Values for tests, where only what a test is about need be said."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from probe.domain.artifact import Artifact, AssetClass, Digest, DigestAlgorithm, Platform, Release
from probe.domain.failure import Failure
from probe.domain.observation import (
    Cache,
    Download,
    Observation,
    Origin,
    Passed,
    Proof,
    Timings,
    Verdict,
)
from probe.domain.target import (
    Depth,
    Earlier,
    Endpoint,
    EndpointKind,
    Probe,
    Product,
    Region,
    Target,
)

BODY = b"\x1f\x8b the right bytes"
NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)


def sha256(body: bytes) -> Digest:
    return Digest(DigestAlgorithm.SHA256, hashlib.sha256(body).hexdigest())


def an_artifact(
    name: str = "widget_1.4.2_linux_amd64.tar.gz",
    body: bytes | None = BODY,
    *,
    size: int | None = None,
    digests: tuple[Digest, ...] | None = None,
    asset_class: AssetClass = AssetClass.ARCHIVE,
    platform: Platform | None = Platform("linux", "amd64"),
) -> Artifact:
    return Artifact(
        name=name,
        asset_class=asset_class,
        platform=platform,
        size_bytes=size if size is not None else len(body) if body is not None else None,
        digests=digests if digests is not None else (sha256(body),) if body is not None else (),
    )


def a_release(
    version: str = "1.4.2",
    *artifacts: Artifact,
    channel: str = "stable",
    published_at: datetime = NOON,
    yanked: bool = False,
) -> Release:
    return Release(
        version=version,
        channel=channel,
        published_at=published_at,
        artifacts=artifacts or (an_artifact(f"widget_{version}_linux_amd64.tar.gz"),),
        tag=f"v{version}",
        yanked=yanked,
    )


def an_endpoint(
    name: str = "origin", url: str = "http://127.0.0.1:9/{version}/{name}", **fields: object
) -> Endpoint:
    kind = fields.pop("kind", EndpointKind.REPOSITORY)
    return Endpoint(name=name, url=url, kind=kind, **fields)  # type: ignore[arg-type]


def a_product(*endpoints: Endpoint, name: str = "widget", channel: str = "stable") -> Product:
    return Product(name, channel, "release-team", endpoints or (an_endpoint(),))


def a_target(
    *,
    artifact: Artifact | None = None,
    release: Release | None = None,
    endpoint: Endpoint | None = None,
    region: Region = Region("eu-west-1"),
    history: tuple[Earlier, ...] = (),
    product: str = "widget",
    address: str = "",
) -> Target:
    kept = artifact or (release.artifacts[0] if release else an_artifact())
    return Target(
        product=product,
        release=release or a_release("1.4.2", kept),
        artifact=kept,
        endpoint=endpoint or an_endpoint(),
        region=region,
        history=history,
        address=address,
    )


def a_probe(depth: Depth = Depth.FULL, **fields: object) -> Probe:
    return Probe(a_target(**fields), depth)  # type: ignore[arg-type]


def a_download(
    body: bytes = BODY,
    *,
    status: int | None = 200,
    complete: bool = True,
    headers: Mapping[str, str] | None = None,
    failure: Failure | None = None,
    timings: Timings = Timings(resolve=0.001, connect=0.002, wait=0.01, transfer=0.02),
    cache: Cache = Cache.UNKNOWN,
) -> Download:
    return Download(
        url="http://127.0.0.1:9/1.4.2/widget_1.4.2_linux_amd64.tar.gz",
        status=status,
        headers=headers or {},
        bytes_received=len(body),
        complete=complete and failure is None,
        sample=body[:65536],
        digests=(sha256(body),),
        timings=timings,
        cache=cache,
        failure=failure,
    )


def an_observation(
    verdict: Verdict = Passed(Proof.DIGEST),
    *,
    probe: Probe | None = None,
    download: Download | None = None,
    started_at: datetime = NOON,
    id: str = "01JPROBE",
    origin: Origin = Origin.UNKNOWN,
) -> Observation:
    return Observation(
        id=id,
        probe=probe or a_probe(),
        started_at=started_at,
        verdict=verdict,
        download=download or a_download(),
        origin=origin,
    )
