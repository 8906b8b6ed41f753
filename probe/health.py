"""A running service, asked from beside it whether it is there, as containers do."""

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

from probe.domain.text import clean

HEALTHY: Final = "/-/healthy"
READY: Final = "/-/ready"

_SECONDS = 3.0
_LINE_BYTES = 200
# Who does not let in everybody, or not so often, is there all the same.
_TURNED_AWAY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of what was heard; ``fine`` is whether it is what was hoped for."""

    fine: bool
    line: str


def ask(listen: tuple[str, int], page: str, prefix: str = "", seconds: float = _SECONDS) -> Answer:
    """
    Return what the service that listens on *listen* says of itself on *page*, under *prefix*.

    TLS is spoken where plain HTTP is not. The certificate is not verified: nothing is sent but the
    question. Who turns us away is healthy, but nobody knows whether it is ready.
    """
    host, port = _EVERYWHERE.get(listen[0], listen[0]), listen[1]
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        status, line = _read(host, port, prefix + page, seconds)
    except (HTTPException, ssl.SSLError):
        return Answer(fine=False, line=f"{where} speaks neither HTTP nor TLS")
    except OSError as fault:
        return Answer(fine=False, line=f"{where} does not answer: {fault.strerror or fault}")
    if status in _TURNED_AWAY:
        return Answer(page == HEALTHY, f"{where} answers, but does not let us in")
    return Answer(status == HTTPStatus.OK, line or f"status {status}")


def _read(host: str, port: int, page: str, seconds: float) -> tuple[int, str]:
    try:
        return _get(HTTPConnection(host, port, timeout=seconds), page)
    except (HTTPException, ConnectionResetError):
        return _get_over_tls(host, port, page, seconds)


def _get_over_tls(host: str, port: int, page: str, seconds: float) -> tuple[int, str]:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = HTTPSConnection(host, port, timeout=seconds, context=context)
    connection.connect()
    try:
        return _get(connection, page)
    except (HTTPException, ConnectionError, ssl.SSLError):
        # In TLS 1.3 a client learns only here that it should have shown a certificate.
        return HTTPStatus.UNAUTHORIZED, ""


def _get(connection: HTTPConnection, page: str) -> tuple[int, str]:
    try:
        connection.request("GET", page)
        response = connection.getresponse()
        text = response.read(_LINE_BYTES).decode(errors="replace")
        return response.status, clean(text.partition("\n")[0])
    finally:
        connection.close()
