"""Error budgets that burn, and failures that are too few to tell; KPIs that miss their target."""

from tests.unit.kpi.scenarios.availability import attempts, failures
from tests.unit.kpi.scenarios.scenario import PAIR, TRAIN, Firing, Scenario, series

REQUIRED = {series("delivery_endpoint_required", **PAIR): "1x1000"}
REGIONS = ("eu-west-1", "us-east-1", "ap-south-1")
WINDOWS = (("5m", "1h", "14.4"), ("30m", "6h", "6"), ("2h", "1d", "3"), ("6h", "3d", "1"))


def burning(
    kpi: str, share: str, pages: int = 0, alerts: int = 4, **labels: str
) -> tuple[Firing, ...]:
    """Return the first of the four alerts, of which the first so many page."""
    where = f" from {labels['probe_region']}" if "probe_region" in labels else ""
    about = {"sloth_id": f"delivery-{kpi}", "sloth_service": "delivery", "sloth_slo": kpi}
    return tuple(
        Firing(
            f"{kpi} of widget (stable){where}: {share} of the attempts of the last {long} missed "
            f"it, {factor} times what 30 days allow.",
            {**TRAIN, **about, **labels, "short": short, "long": long},
            "critical" if place < pages else "warning",
        )
        for place, (short, long, factor) in enumerate(WINDOWS[:alerts])
    )


def missed(kpi: str, value: str) -> Firing:
    return Firing(f"widget (stable): {kpi} is {value}.", {**TRAIN, "kpi": kpi}, "info")


def full(values: str) -> dict[str, str]:
    return attempts(values, depth="full")


def verified_within_a_minute(values: str) -> dict[str, str]:
    return {series("delivery_download_duration_seconds_bucket", **PAIR, le="60.0"): values}


TWENTY_MINUTES, FOUR_HOURS = "0+{0}x20 {1}x100", "0+{0}x24 {1}x100"


def failing(reason: str, each: int, auth_mode: str = "none", **labels: str) -> dict[str, str]:
    """Return failures, so many a minute for twenty minutes."""
    return failures(reason, TWENTY_MINUTES.format(each, 20 * each), auth_mode, **labels)


def soon(*firings: Firing) -> dict[str, tuple[Firing, ...]]:
    """Return when the first two alerts tell of twenty minutes of failures, one after the other."""
    return {"1m": (), "5m": firings[:1], "20m": firings, "58m": ()}


def failing_late(reason: str, each: int, auth_mode: str = "none", **labels: str) -> dict[str, str]:
    """Return failures, so many in ten minutes for four hours."""
    return failures(reason, FOUR_HOURS.format(each, 24 * each), auth_mode, **labels)


def from_each(*failed: int, of: int) -> dict[str, str]:
    """Return attempts of three regions, of which so many a minute fail for twenty minutes."""
    counted = {}
    for region, times in zip(REGIONS, failed, strict=True):
        counted |= attempts(f"0+{of}x100", probe_region=region)
        counted |= failing("timeout", times, probe_region=region)
    return counted


def late(*firings: Firing) -> dict[str, tuple[Firing, ...]]:
    """Return when the last two alerts tell of four hours of failures."""
    return {"30m": (), "100m": firings[:1], "200m": firings, "11h": ()}


SCENARIOS = (
    Scenario(
        "DeliveryErrorBudgetBurn",
        "one download in fifty fails for twenty minutes",
        {**REQUIRED, **attempts("0+100x100"), **failing("timeout", 2)},
        soon(*burning("artifact_availability", "2%", 2, 2)),
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "four downloads of a thousand fail for four hours: that is no reason to wake anybody",
        {
            **REQUIRED,
            **attempts("0+1000x100"),
            **failing_late("timeout", 4),
        },
        late(*burning("artifact_availability", "0.4%")[2:]),
        step="10m",
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "two downloads of an hour fail, which is more than a budget of one in a thousand",
        {**REQUIRED, **attempts("0+1x100"), **failures("timeout", "0x59 1 2x40")},
        {"60m": (), "62m": (), "64m": (), "90m": ()},
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "three downloads of an hour fail",
        {**REQUIRED, **attempts("0+1x120"), **failures("timeout", "0x59 1 2 3x60")},
        {"60m": (), "64m": burning("artifact_availability", "5%", 2, 1), "100m": ()},
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "two downloads of three days fail: not even a ticket",
        {**REQUIRED, **attempts("0+1x400"), **failures("timeout", "0x59 1 2x340")},
        {"9h": (), "11h": (), "14h": (), "30h": (), "60h": ()},
        step="10m",
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "three downloads of three days fail",
        {**REQUIRED, **attempts("0+1x400"), **failures("timeout", "0x59 1 2 3x340")},
        {
            "10h": (),
            "14h": burning("artifact_availability", "3.571%")[3:],
            "30h": (),
        },
        step="10m",
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "one region of three fails wholly, which is a third of what users meet",
        {**REQUIRED, **from_each(100, 0, 0, of=100)},
        soon(*burning("artifact_availability", "33.33%", 2, 2)),
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "one region of three burns its own budget, and is too small to burn that of all",
        {
            **REQUIRED,
            **from_each(8, 0, 0, of=100),
            **attempts("0+2000x100", probe_region="sa-east-1"),
        },
        {"5m": (), "20m": (), "90m": ()},
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "one download in fifty may fail",
        {
            **REQUIRED,
            **attempts("0+100x100"),
            **failing("timeout", 2),
            series("delivery_slo_target_ratio", **TRAIN, kpi="artifact_availability"): "0.98x100",
        },
        {"30m": (), "90m": ()},
        kpi="artifact_availability",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "one full download in two fails, and head requests do not",
        {
            **REQUIRED,
            **full("0+10x100"),
            **failing("timeout", 5, depth="full"),
            **attempts("0+2500x100", depth="head"),
        },
        soon(*burning("transfer_success", "50%", 0, 2)),
        kpi="transfer_success",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "credentials are refused, and other failures say nothing about them",
        {
            **REQUIRED,
            **attempts("0+100x100", "bearer"),
            **failing("auth_denied", 2, "bearer"),
            **failures("timeout", "0+50x100", "bearer"),
        },
        soon(*burning("authorization_success", "4%", 0, 2)),
        kpi="authorization_success",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "downloads that arrived whole were other bytes",
        {
            **REQUIRED,
            **full("0+100x100"),
            **failing("checksum_mismatch", 2, depth="full"),
            **failures("timeout", "0+50x100", depth="full"),
        },
        soon(*burning("verification_success", "4%", 0, 2)),
        kpi="verification_success",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "one full download in twenty-five fails for four hours",
        {
            **REQUIRED,
            **full("0+100x100"),
            **failing_late("timeout", 4, depth="full"),
        },
        late(*burning("transfer_success", "4%")[2:]),
        step="10m",
        kpi="transfer_success",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "four requests of a thousand with credentials are refused for four hours",
        {
            **REQUIRED,
            **attempts("0+1000x100", "bearer"),
            **failing_late("auth_denied", 4, "bearer"),
        },
        late(*burning("authorization_success", "0.4%")[2:]),
        step="10m",
        kpi="authorization_success",
    ),
    Scenario(
        "DeliveryErrorBudgetBurn",
        "four files of a thousand are others for four hours",
        {
            **REQUIRED,
            **full("0+1000x100"),
            **failing_late("checksum_mismatch", 4, depth="full"),
            **failures("timeout", "0x124", depth="full"),
        },
        late(*burning("verification_success", "0.4%")[2:]),
        step="10m",
        kpi="verification_success",
    ),
    Scenario(
        "DeliveryRegionalErrorBudgetBurn",
        "one download in ten fails in one region of two for twenty minutes",
        {
            **REQUIRED,
            **attempts("0+100x100"),
            **failing("timeout", 10),
            **attempts("0+1000x100", probe_region="us-east-1"),
            **failures("timeout", "0x100", probe_region="us-east-1"),
        },
        soon(*burning("regional_availability", "10%", 2, 2, probe_region="eu-west-1")),
    ),
    Scenario(
        "DeliveryRegionalErrorBudgetBurn",
        "two regions of three burn, each by itself",
        {**REQUIRED, **from_each(100, 10, 0, of=100)},
        {
            "1m": (),
            "20m": (
                *burning("regional_availability", "100%", 2, 2, probe_region=REGIONS[0]),
                *burning("regional_availability", "10%", 2, 2, probe_region=REGIONS[1]),
            ),
            "58m": (),
        },
    ),
    Scenario(
        "DeliveryRegionalErrorBudgetBurn",
        "one region of three is too small to burn the budget of all, and burns its own",
        {
            **REQUIRED,
            **from_each(8, 0, 0, of=100),
            **attempts("0+2000x100", probe_region="sa-east-1"),
        },
        soon(*burning("regional_availability", "8%", 2, 2, probe_region=REGIONS[0])),
    ),
    Scenario(
        "DeliveryRegionalErrorBudgetBurn",
        "two downloads of a region fail in a day",
        {**REQUIRED, **attempts("0+1x400"), **failures("timeout", "0x59 1 2x340")},
        {"9h": (), "11h": (), "14h": (), "30h": ()},
        step="10m",
    ),
    Scenario(
        "DeliveryRegionalErrorBudgetBurn",
        "two downloads of a hundred fail for four hours",
        {
            **REQUIRED,
            **attempts("0+1000x100"),
            **failing_late("timeout", 20),
        },
        late(*burning("regional_availability", "2%", probe_region="eu-west-1")[2:]),
        step="10m",
    ),
    Scenario(
        "DeliveryLatencyBudgetBurn",
        "four downloads of five take more than a minute for twenty minutes",
        {**REQUIRED, **full("0+10x100"), **verified_within_a_minute("0+2x20 50+10x80")},
        soon(*burning("download_latency", "80%", 0, 2)),
    ),
    Scenario(
        "DeliveryLatencyBudgetBurn",
        "one download of five takes more than a minute for four hours",
        {**REQUIRED, **full("0+100x100"), **verified_within_a_minute("0+80x24 2020+100x70")},
        late(*burning("download_latency", "20%")[2:]),
        step="10m",
    ),
    Scenario(
        "DeliveryKpiMissed",
        "a share is lower than is asked for",
        {**REQUIRED, series("delivery_endpoint_current", **PAIR): "0x120 1x120"},
        {"59m": (), "61m": (missed("mirror_coverage", "0%"),), "122m": ()},
        kpi="mirror_coverage",
    ),
    Scenario(
        "DeliveryKpiMissed",
        "a share is higher than is asked for",
        {
            **REQUIRED,
            series("delivery_incidents_recent", **TRAIN, recurrence="true"): "0x9 10x300",
            series("delivery_incidents_recent", **TRAIN, recurrence="false"): "0x99 90x300",
        },
        {"9m": (), "80m": (missed("incident_recurrence", "100%"),), "110m": ()},
        kpi="incident_recurrence",
    ),
    Scenario(
        "DeliveryKpiMissed",
        "a time is longer than is asked for",
        {
            **REQUIRED,
            series("delivery_incidents_recent_detection_seconds", **TRAIN): "0x9 6000x300",
            series("delivery_incidents_recent", **TRAIN): "0x9 10x89 100x300",
        },
        {"9m": (), "80m": (missed("time_to_detect", "10m 0s"),), "110m": ()},
        kpi="time_to_detect",
    ),
)
