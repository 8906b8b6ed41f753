"""Releases on their way: nowhere, not everywhere, or without their pointer."""

from tests.unit.kpi.scenarios.scenario import PAIR, TRAIN, Firing, Scenario, series

NEW, OLD = {**TRAIN, "version": "1.4.2"}, {**TRAIN, "version": "1.4.1"}
EU, US = (
    {"endpoint": "cdn", "probe_region": "eu-west-1"},
    {
        "endpoint": "cdn",
        "probe_region": "us-east-1",
    },
)


def published(values: str = "0x300", **version: str) -> dict[str, str]:
    return {
        series("delivery_release_published_timestamp_seconds", **version): values,
        series("delivery_release_start_timestamp_seconds", **version, t0_source="tag"): values,
        series("delivery_release_required_endpoints", **version): "2x300",
        series("delivery_release_excluded_after_deadline", **version, **EU): "0x300",
        series("delivery_release_excluded_after_deadline", **version, **US): "0x300",
        series("delivery_endpoint_required", **PAIR): "1x300",
    }


def first(values: str, thing: str = "asset", **labels: str) -> dict[str, str]:
    name = "delivery_release_first_available_timestamp_seconds"
    return {series(name, object=thing, **labels): values}


def late(ago: str, severity: str = "warning") -> Firing:
    says = f"widget 1.4.2 (stable) was published {ago} ago and is still pending somewhere."
    return Firing(says, NEW, severity)


SCENARIOS = (
    Scenario(
        "DeliveryFirstAvailabilityLate",
        "twenty minutes pass before anybody can download the release",
        {**published(**NEW), **first("_x20 1200x100", **NEW, **EU)},
        {
            "14m": (),
            "17m": (
                Firing(
                    "widget 1.4.2 (stable) was let out 17m 0s ago, and no endpoint has served all "
                    "of it to any region.",
                    NEW,
                    "critical",
                ),
            ),
            "21m": (),
        },
    ),
    Scenario(
        "DeliveryFirstAvailabilityLate",
        "nobody waits any more for a release that never came",
        {
            **published(**NEW),
            series("delivery_release_excluded_after_deadline", **NEW, **EU): "1x300",
            series("delivery_release_excluded_after_deadline", **NEW, **US): "1x300",
        },
        {"30m": ()},
    ),
    Scenario(
        "DeliveryPropagationLate",
        "the second region gets the release after more than two hours",
        {
            **published(**NEW),
            **first("60x300", **NEW, **EU),
            **first("_x150 9000x100", **NEW, **US),
        },
        {
            "39m": (),
            "42m": (late("42m 0s"),),
            "132m": (late("2h 12m 0s"), late("2h 12m 0s", "critical")),
            "151m": (),
        },
    ),
    Scenario(
        "DeliveryPropagationLate",
        "three hours are what is asked for",
        {
            **published(**NEW),
            **first("60x300", **NEW, **EU),
            series("delivery_slo_target_seconds", **TRAIN, kpi="global_propagation"): "10800x300",
        },
        {"170m": ()},
    ),
    Scenario(
        "DeliveryPropagationLate",
        "a mirror has not got a release that nobody needs any more",
        {
            **published(**OLD),
            **first("60x300", **OLD, **EU),
            **published("_x10 600x300", **NEW),
            **first("_x11 660x300", **NEW, **EU),
            **first("_x11 660x300", **NEW, **US),
        },
        {"60m": ()},
    ),
    Scenario(
        "DeliveryLatestPointerStale",
        "latest names the release before for half an hour",
        {
            **published("0x300", **OLD),
            **published("_x9 600x300", **NEW),
            **first("60x300", **OLD, **EU),
            **first("60x300", "pointer", **OLD, **EU),
            **first("_x10 600x300", **NEW, **EU),
            **first("_x40 2400x300", "pointer", **NEW, **EU),
        },
        {
            "19m": (),
            "21m": (
                Firing(
                    "widget 1.4.2 (stable) is at cdn, but in 1 regions its pointer, such as "
                    "latest, does not name it.",
                    {**NEW, "endpoint": "cdn"},
                    "critical",
                ),
            ),
            "41m": (),
        },
    ),
    Scenario(
        "DeliveryLatestPointerStale",
        "there is no pointer",
        {**published(**NEW), **first("60x300", **NEW, **EU)},
        {"30m": ()},
    ),
)
