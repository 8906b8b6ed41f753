"""Bytes are not those that were published, or nobody can tell."""

from datetime import timedelta

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.asked import asked

_PAIR = "product, channel, endpoint, probe_region"
_OTHER = "checksum_mismatch|size_mismatch"


def _seen(window: str) -> str:
    failures = f'delivery_download_failures_total{{reason=~"{_OTHER}"}}[{window}]'
    return f"sum by ({_PAIR}, reason) (increase({failures})) > 0"


# Large files are read whole once a day: what was wrong then is wrong until it is read again.
MISMATCH = Alert(
    name="DeliveryIntegrityMismatch",
    scope=Scope.REGIONAL,
    severity=Severity.CRITICAL,
    component=Component.DELIVERY,
    dashboard=Dashboard.INTEGRITY,
    expr=f"""\
{_seen("15m")}
or
(
  {_seen("1d")}
  and on ({_PAIR}) min by ({_PAIR}) (delivery_artifact_available) == 0
)""",
    summary="An endpoint serves bytes that were never published.",
    description="{{ $labels.product }} ({{ $labels.channel }}): {{ $labels.endpoint }} served "
    "{{ $labels.probe_region }} other bytes than were published ({{ $labels.reason }}).",
    keep=timedelta(minutes=15),
)


def _low(name: str, kpi: str, ratio: str, lacking: str) -> Alert:
    return Alert(
        name=name,
        scope=Scope.GLOBAL,
        severity=Severity.WARNING,
        component=Component.DELIVERY,
        dashboard=Dashboard.INTEGRITY,
        expr=f"{ratio} < {asked(kpi)}",
        summary=f"Too many {lacking}.",
        description=f"{{{{ $labels.product }}}} ({{{{ $labels.channel }}}}): {kpi} is "
        "{{ $value | humanizePercentage }}.",
        after=timedelta(hours=1),
    )


CHECKSUM_COVERAGE_LOW = _low(
    "DeliveryChecksumCoverageLow",
    "checksum_coverage",
    'delivery:release_control_coverage:ratio{control="checksum"}',
    "files have no published checksum that is right",
)
SIGNATURE_COVERAGE_LOW = _low(
    "DeliverySignatureCoverageLow",
    "signature_coverage",
    'delivery:release_control_coverage:ratio{control="signature"}',
    "files have no signature that verifies",
)
PROVENANCE_COVERAGE_LOW = _low(
    "DeliveryProvenanceCoverageLow",
    "provenance_coverage",
    "delivery:provenance_coverage:ratio",
    "releases cannot show where their files were built",
)
