"""docs/metrics.md: every metric, its labels, and how many series there will be."""

from probe.domain.failure import DELIVERY_REASONS
from probe.domain.observation import Cache, Origin
from probe.generate.groups import GROUPS, ON_DEMAND, Group
from probe.generate.labels import LABELS
from probe.generate.tables import table
from probe.series import DOWNLOAD_DURATION, DOWNLOAD_PHASE, Metric

_HEAD = """\
# Metrics

Everything that `/metrics` shows, in the Prometheus text format or, if it is asked for, in
OpenMetrics. Attempts are made on a schedule of their own and not by the scrape: a value is what
the attempts since the start or the last one said. `make generate` writes this page from
`probe/series/`; names, labels and their fixed values change with a major version only.

Series of targets that are gone go with them. In OpenMetrics, failures and histogram buckets carry
an exemplar with the `probe_id` of an attempt, by which `/api/v1/observations/{probe_id}` and the
log tell the rest. No label holds a URL, a digest, an address or anything else without bound.
"""

_OWN = """\
## The process

`process_*`, `python_gc_*` and `python_info` are those of the Prometheus client library for Python.
"""


def metrics_page() -> str:
    """Return the page as Markdown."""
    sections = [_HEAD, *map(_section, GROUPS), _OWN, _section(ON_DEMAND), _labels(), _cost()]
    return "\n".join(sections)


def _section(group: Group) -> str:
    rows = [_row(metric) for metric in group.metrics]
    head = ("metric", "type", "labels", "says")
    return f"## {group.title}\n\n{group.text}\n\n{table(head, rows)}"


def _row(metric: Metric) -> tuple[str, ...]:
    labels = " ".join(f"`{label}`" for label in metric.labels) or "none"
    bounds = ", ".join(f"{bound:g}" for bound in metric.buckets)
    says = f"{metric.help} Buckets: {bounds}." if bounds else metric.help
    return (f"`{metric.name}`", metric.kind.value, labels, says)


def _labels() -> str:
    rows = [(f"`{name}`", label.meaning, label.values) for name, label in LABELS.items()]
    return f"## Labels\n\n{table(('label', 'means', 'values'), rows)}"


def _cost() -> str:
    pair = 1 + len(Cache)
    rows = [
        ("each artifact of a kept release, at each endpoint, from each region", "3"),
        (
            "each platform, size tier and depth, at each endpoint, from each region",
            str(1 + len(DELIVERY_REASONS)),
        ),
        ("each size tier, at each endpoint, from each region", str(1 + _lines(DOWNLOAD_DURATION))),
        (
            "each endpoint, from each region",
            f"{pair + 2}, and {len(Origin)} more if it is a CDN or a mirror",
        ),
        (
            "each kind of endpoint and phase, from each region",
            str(_lines(DOWNLOAD_PHASE)),
        ),
    ]
    head = "## How many series\n\nWhat grows with the configuration; the rest is a few hundred.\n"
    return f"{head}\n{table(('for', 'series'), rows)}"


def _lines(metric: Metric) -> int:
    return len(metric.buckets) + 3
