"""What a release lacks, and bytes that were never published."""

from tests.unit.kpi.scenarios.availability import attempts, failures
from tests.unit.kpi.scenarios.scenario import PAIR, TRAIN, Firing, Scenario, series

NEW = {**TRAIN, "version": "1.4.2"}
NIGHTLY = {"product": "widget", "channel": "nightly", "version": "1.5.0-dev"}
NEWER = {**TRAIN, "version": "1.4.3"}
REQUIRED = {series("delivery_endpoint_required", **PAIR): "1x300"}


def complete(values: str, **version: str) -> dict[str, str]:
    return {
        series("delivery_release_published_timestamp_seconds", **version): "0x300",
        series("delivery_release_complete_now", **version): values,
    }


def incomplete(severity: str, **version: str) -> Firing:
    name = f"widget {version['version']} ({version['channel']})"
    says = f"{name} was published more than 30 minutes ago and is not complete."
    return Firing(says, version, severity)


def covered(control: str, values: str) -> dict[str, str]:
    return {
        **REQUIRED,
        series("delivery_release_assets", **NEW): "10x300",
        series("delivery_release_assets_covered", **NEW, control=control): values,
    }


def mismatch(reason: str) -> Firing:
    return Firing(
        f"widget (stable): cdn served eu-west-1 other bytes than were published ({reason}).",
        {**PAIR, "reason": reason},
        "critical",
    )


def low(kpi: str, share: str, **labels: str) -> Firing:
    return Firing(f"widget (stable): {kpi} is {share}.", {**TRAIN, **labels})


HALF_FOR_TWO_HOURS = "5x120 10x60"

SCENARIOS = (
    Scenario(
        "DeliveryReleaseIncomplete",
        "the last file of a stable release comes after an hour and a half",
        complete("0x90 1x60", **NEW),
        {"44m": (), "47m": (incomplete("critical", **NEW),), "92m": ()},
    ),
    Scenario(
        "DeliveryReleaseIncomplete",
        "the last file of a nightly build comes after an hour and a half",
        complete("0x90 1x60", **NIGHTLY),
        {"44m": (), "47m": (incomplete("warning", **NIGHTLY),), "92m": ()},
    ),
    Scenario(
        "DeliveryReleaseIncomplete",
        "a newer release came, and nobody mends the old one",
        {
            **complete("0x120", **NEW),
            series("delivery_release_published_timestamp_seconds", **NEWER): "_x10 600x120",
            series("delivery_release_complete_now", **NEWER): "_x10 1x120",
        },
        {"60m": ()},
    ),
    Scenario(
        "DeliveryMetadataIncomplete",
        "half of the files have no size for two hours",
        covered("metadata", HALF_FOR_TWO_HOURS),
        {
            "59m": (),
            "61m": (
                Firing(
                    "widget (stable): 50% of the files have hash, size, version, channel and "
                    "platform.",
                    TRAIN,
                ),
            ),
            "122m": (),
        },
    ),
    Scenario(
        "DeliveryChecksumCoverageLow",
        "half of the files have no checksum for two hours",
        covered("checksum", HALF_FOR_TWO_HOURS),
        {"59m": (), "61m": (low("checksum_coverage", "50%", control="checksum"),), "122m": ()},
    ),
    Scenario(
        "DeliverySignatureCoverageLow",
        "half of the files are not signed for two hours",
        covered("signature", HALF_FOR_TWO_HOURS),
        {"59m": (), "61m": (low("signature_coverage", "50%", control="signature"),), "122m": ()},
    ),
    Scenario(
        "DeliveryProvenanceCoverageLow",
        "half of the files have no attestation for two hours",
        covered("provenance", HALF_FOR_TWO_HOURS),
        {"59m": (), "61m": (low("provenance_coverage", "0%"),), "122m": ()},
    ),
    Scenario(
        "DeliveryIntegrityMismatch",
        "one download had another digest",
        {**attempts("0+1x120"), **failures("checksum_mismatch", "0x9 1x120")},
        {"9m": (), "10m": (mismatch("checksum_mismatch"),), "45m": ()},
    ),
    Scenario(
        "DeliveryIntegrityMismatch",
        "a large file was wrong, and is read whole again a day later",
        {
            **attempts("0+1x400"),
            **failures("size_mismatch", "0x9 1x400"),
            series("delivery_artifact_available", **PAIR, artifact="w"): "1x9 0x280 1x100",
        },
        {
            "45m": (),
            "50m": (mismatch("size_mismatch"),),
            "12h": (mismatch("size_mismatch"),),
            "25h": (),
        },
        step="5m",
    ),
    Scenario(
        "DeliveryIntegrityMismatch",
        "downloads that failed in other ways",
        {
            **attempts("0+3x120"),
            **failures("stale", "0+1x120"),
            **failures("truncated", "0+1x120"),
            **failures("timeout", "0+1x120"),
            **failures("checksum_mismatch", "0x120"),
        },
        {"60m": ()},
    ),
    Scenario(
        "DeliveryRollbackNotReady",
        "the release before is gone for an hour",
        {
            series("delivery_rollback_ready", **NEW): "1x9 0x60 1x60",
            series("delivery_release_published_timestamp_seconds", **NEW): "0x120",
            series("delivery_slo_target_ratio", **TRAIN, kpi="rollback_readiness"): "0.95x120",
        },
        {
            "9m": (),
            "41m": (
                Firing(
                    "widget 1.4.2 (stable): its known-good predecessor is not named, not served, "
                    "or not documented.",
                    NEW,
                ),
            ),
            "72m": (),
        },
    ),
    Scenario(
        "DeliveryRollbackNotReady",
        "nobody asks for a way back",
        {
            series("delivery_rollback_ready", **NEW): "0x120",
            series("delivery_release_published_timestamp_seconds", **NEW): "0x120",
        },
        {"60m": ()},
    ),
)
