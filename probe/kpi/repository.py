"""X3.1-X3.5: a central artifact repository for many teams."""

from probe.kpi.model import Category, Direction, Kpi, Unit

KPIS = (
    Kpi(
        code="X3.1",
        name="repository_availability",
        category=Category.AVAILABILITY,
        question="Can the repository be read, asked and written to?",
        method="time in which reading, the metadata API and, where allowed, writing a canary "
        "worked / time in which that is known",
        unit=Unit.RATIO,
        direction=Direction.HIGHER,
        target=0.999,
        awaits="the repository's API and writes to it are",
    ),
    Kpi(
        code="X3.2",
        name="publish_success",
        category=Category.AVAILABILITY,
        question="How often does a pipeline's publication arrive?",
        method="publications that became verified downloads in time / publications started",
        unit=Unit.RATIO,
        direction=Direction.HIGHER,
        target=0.99,
        awaits="publications of pipelines are",
    ),
    Kpi(
        code="X3.3",
        name="replication_lag",
        category=Category.PERFORMANCE,
        question="How far is the secondary storage behind?",
        method="now - newest write time of the canary that the secondary serves",
        unit=Unit.SECONDS,
        direction=Direction.LOWER,
        target=300,
        awaits="a replication canary is",
    ),
    Kpi(
        code="X3.4",
        name="metadata_validation",
        category=Category.COMPLETENESS,
        question="How many artifacts are described as the rules demand?",
        method="sampled artifacts that pass the schema / sampled artifacts",
        unit=Unit.RATIO,
        direction=Direction.HIGHER,
        target=0.98,
        awaits="metadata of the repository's artifacts is",
    ),
    Kpi(
        code="X3.5",
        name="retention_exceptions",
        category=Category.RECOVERABILITY,
        question="How many artifacts are kept, or are gone, against the policy?",
        method="expired holds, artifacts that should be gone, and ones gone too early",
        unit=Unit.COUNT,
        direction=Direction.LOWER,
        target=0,
        awaits="the repository's retention is",
    ),
)
