"""Text from outside, made fit to be shown: bounded, on one line, without control characters."""


def clean(text: str, limit: int = 120) -> str:
    """
    Return *text* on one line, with what a terminal could obey removed, cut to *limit*.

    Kept is what Unicode calls printable; controls, bidirectional overrides, zero-width characters
    and lone surrogates go, and any run of white space becomes one space.
    """
    if len(text) <= limit and text.isprintable() and "  " not in text:
        return text.strip()
    head = text[: limit * 8]
    if not head.isprintable():
        head = "".join(
            character if character.isprintable() else " " if character.isspace() else ""
            for character in head
        )
    line = " ".join(head.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
