"""Documents that answer what a test has written down."""

from collections.abc import Mapping

from probe.ports import MAX_DOCUMENT_BYTES, Document, DocumentUnavailable

Answer = Document | DocumentUnavailable


def a_document(body: bytes | str = b"", status: int = 200, **headers: str) -> Document:
    """Return an answer; ``last_modified="…"`` is the header ``last-modified``."""
    return Document(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=body.encode() if isinstance(body, str) else body,
    )


class FakeDocuments:
    """
    Gives the answers scripted for a URL in order, the last one again and again; else 404.

    ``requests`` holds every URL asked for with the headers that were sent.
    """

    def __init__(self, scripts: Mapping[str, Answer | list[Answer]] | None = None) -> None:
        self._scripts: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        for url, answers in (scripts or {}).items():
            self.answer(url, *(answers if isinstance(answers, list) else [answers]))

    def answer(self, url: str, *answers: Answer) -> None:
        """Script the answers for *url*, in place of those that are left."""
        self._scripts[url] = list(answers)

    async def read(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MAX_DOCUMENT_BYTES,
    ) -> Document:
        self.requests.append((url, dict(headers or {})))
        answers = self._scripts.get(url)
        if not answers:
            return a_document(status=404)
        answer = answers[0] if len(answers) == 1 else answers.pop(0)
        if isinstance(answer, DocumentUnavailable):
            raise answer
        if len(answer.body) > most_bytes:
            raise DocumentUnavailable(f"over {most_bytes} bytes")
        return answer

    @property
    def urls(self) -> list[str]:
        return [url for url, _ in self.requests]
