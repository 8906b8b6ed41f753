"""A gate as a running service tells it, for pipelines that have neither ledger nor Prometheus."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, urlencode

from probe.domain.gate import Gate
from probe.domain.gate_reading import NoGate, read_gate
from probe.domain.text import clean
from probe.kpi import BY_NAME
from probe.ports import Document, Documents, DocumentUnavailable, EvidenceUnavailable, NoSuchProduct

_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """A service at *url*, and what opens its door; the credentials go to that origin only."""

    url: str
    documents: Documents
    authorization: str = field(default="", repr=False)

    async def gate(
        self, product: str, channel: str, version: str, regions: int
    ) -> tuple[Gate, str]:
        """
        Return what the service holds of a release, and on which channel it is.

        Raises:
            NoSuchProduct: the service knows no such product.
            EvidenceUnavailable: it does not answer, or not with a gate.
        """
        query = {"regions": str(regions), **({"channel": channel} if channel else {})}
        path = "/".join(quote(each, safe="") for each in (product, version))
        url = f"{self.url.rstrip('/')}/api/v1/gate/{path}?{urlencode(query)}"
        headers = {"Authorization": self.authorization} if self.authorization else {}
        try:
            document = await self.documents.read(url, headers)
        except DocumentUnavailable as fault:
            raise EvidenceUnavailable(f"the service does not answer: {fault}") from None
        return _gate_in(document)


def _gate_in(document: Document) -> tuple[Gate, str]:
    if document.status == HTTPStatus.NOT_FOUND and (why := _fault_in(document)):
        raise NoSuchProduct(why)
    if document.status == HTTPStatus.UNAUTHORIZED:
        raise EvidenceUnavailable("the service asks for other credentials")
    if document.status != HTTPStatus.OK:
        why = _fault_in(document) or f"status {document.status}"
        raise EvidenceUnavailable(f"the service has no answer: {why}")
    try:
        gate, channel = read_gate(_json_of(document))
    except (ValueError, NoGate) as fault:
        why = str(fault) if isinstance(fault, NoGate) else "it is no JSON"
        raise EvidenceUnavailable(f"what the service answered cannot be read: {why}") from None
    strange = next(
        (each.objective.kpi for each in gate.judged if each.objective.kpi not in BY_NAME), ""
    )
    if strange:
        raise EvidenceUnavailable(
            f"the service judges by {clean(strange)}, which is not known here"
        )
    return gate, channel


def _fault_in(document: Document) -> str:
    try:
        told = _json_of(document)
    except ValueError:
        return ""
    return clean(str(told.get("error", "")), 300) if isinstance(told, dict) else ""


def _json_of(document: Document) -> object:
    if len(document.body) > _MOST_BYTES:
        raise ValueError("too large")
    try:
        return json.loads(document.body)
    except (RecursionError, UnicodeDecodeError):
        raise ValueError("no JSON") from None
