"""From a path, or bytes, to settings or to everything that is wrong with them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import yaml
from pydantic import ValidationError

from probe.domain.fault import Fault
from probe.domain.role import Role
from probe.domain.text import clean
from probe.logs.redaction import without_url_secrets
from probe.settings.advice import advice_on, promises_in
from probe.settings.build import Settings, build
from probe.settings.document import Node, Plain, read
from probe.settings.file import PIPE_SECONDS, bytes_of, text_of
from probe.settings.model import Configuration
from probe.settings.rules import broken_rules, unknown_region
from probe.settings.translate import faults_of

MAX_FAULTS = 500


def load(
    path: Path,
    *,
    regions: Sequence[str] = (),
    role: Role = Role.BOTH,
    pipe_seconds: float = PIPE_SECONDS,
) -> Settings | tuple[Fault, ...]:
    """
    Read the configuration file, for a process that probes from *regions* (none named is all).

    One whose *role* is not to probe has none, and all are elsewhere.

    Blocks, on a pipe to which nobody writes for *pipe_seconds*: call it before the loop runs, or in
    a thread.
    """
    file = clean(str(path), 300)
    raw = bytes_of(path, file, pipe_seconds)
    if isinstance(raw, Fault):
        return (raw,)
    return parse(raw, file, directory=path.parent, regions=regions, role=role)


def parse(
    raw: bytes,
    file: str,
    *,
    directory: Path = Path(),
    regions: Sequence[str] = (),
    role: Role = Role.BOTH,
) -> Settings | tuple[Fault, ...]:
    """Do the same with the bytes of a file; *directory* is where its relative paths start."""
    text = text_of(raw, file)
    if isinstance(text, Fault):
        return (text,)
    root, faults = read(text, file)
    if root is None:
        return faults
    configuration, invalid = _configuration(root, file, directory)
    faults += (*invalid, *broken_rules(root, file), *_absent(regions, root))
    if configuration is None or faults:
        return in_order(faults, file)
    names = [region.name for region in configuration.regions]
    own = [each for each in names if not regions or each in regions] if role.probes else []
    settings = build(configuration, own, _hash(root.plain, regions), _shown(root.plain))
    return replace(
        settings,
        promises=promises_in(root, configuration, file),
        advice=in_order(advice_on(root, configuration, file), file),
    )


def in_order(faults: Sequence[Fault], file: str) -> tuple[Fault, ...]:
    """Return *faults* by where they stand, each once, and no more than can be read."""
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, fault.column))
    more = len(ordered) - MAX_FAULTS
    told = [Fault(file, f"and {more} more faults")] if more > 0 else []
    return (*ordered[:MAX_FAULTS], *told)


def _configuration(
    root: Node, file: str, directory: Path
) -> tuple[Configuration | None, tuple[Fault, ...]]:
    # As JSON, a list may become a tuple and a text an enum, and nothing else may become anything.
    plain = json.dumps(root.plain)
    context = {"directory": str(directory)}
    try:
        return Configuration.model_validate_json(plain, strict=True, context=context), ()
    except ValidationError as error:
        return None, faults_of(error, root, file)


def _absent(wanted: Sequence[str], root: Node) -> Iterator[Fault]:
    regions = root.child("regions")
    names = [entry.child("name") for _, entry in regions.items()] if regions else []
    known = [str(name.plain) for name in names if name]
    for name in wanted:
        if known and name not in known:
            yield Fault("environment", unknown_region(name, known), "PROBE_REGION")


def _hash(plain: Plain, regions: Sequence[str]) -> str:
    said = json.dumps([plain, sorted(set(regions))], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _shown(plain: Plain) -> str:
    return yaml.safe_dump(_bare(plain), sort_keys=False, allow_unicode=True, width=100)


def _bare(plain: Plain) -> Plain:
    if isinstance(plain, dict):
        return {key: _bare(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_bare(value) for value in plain]
    return without_url_secrets(plain) if isinstance(plain, str) else plain
