"""Endpoints that fail, seen from one region and from two."""

from tests.unit.kpi.scenarios.scenario import PAIR, TRAIN, Firing, Scenario, series

EU, US = "eu-west-1", "us-east-1"
CDN = {**TRAIN, "endpoint": "cdn"}
KIND = {**CDN, "endpoint_kind": "cdn"}
VERSION, PLACE = {**TRAIN, "version": "1.4.2"}, {"endpoint": "cdn", "probe_region": EU}
HEALTHY = {
    series("delivery_prober_last_cycle_timestamp_seconds", probe_region=region): "0+60x120"
    for region in (EU, US)
} | {series("delivery_prober_control_up", probe_region=region): "1x120" for region in (EU, US)}


def available(region: str, values: str) -> dict[str, str]:
    labels = {**KIND, "probe_region": region, "version": "1.4.2", "artifact": "widget.tar.gz"}
    return {series("delivery_artifact_available", **labels): values}


def succeeded(region: str, values: str) -> dict[str, str]:
    labels = {**KIND, "probe_region": region, "version": "1.4.2", "artifact": "widget.tar.gz"}
    return {series("delivery_artifact_last_success_timestamp_seconds", **labels): values}


def required(region: str, value: int = 1) -> dict[str, str]:
    return {
        series("delivery_endpoint_required", **CDN, probe_region=region): f"{value}x120",
        series("delivery_probe_interval_seconds", **KIND, probe_region=region): "60x120",
    }


def attempts(values: str, auth_mode: str = "none", **labels: str) -> dict[str, str]:
    where = {**PAIR, "auth_mode": auth_mode, **labels}
    return {series("delivery_download_attempts_total", **where): values}


def failures(reason: str, values: str, auth_mode: str = "none", **labels: str) -> dict[str, str]:
    where = {**PAIR, "auth_mode": auth_mode, "reason": reason, **labels}
    return {series("delivery_download_failures_total", **where): values}


OUTAGE = Firing(
    "widget (stable) cannot be downloaded whole from cdn: two healthy regions, or all that look, "
    "see files fail there.",
    CDN,
    "critical",
)
UNAVAILABLE = Firing("widget (stable): 1 files fail again and again at cdn, from eu-west-1.", PAIR)

SCENARIOS = (
    Scenario(
        "DeliveryEndpointOutage",
        "two regions see it down for ten minutes",
        {
            **HEALTHY,
            **required(EU),
            **required(US),
            **available(EU, "1x9 0x9 1x60"),
            **available(US, "1x9 0x9 1x60"),
        },
        {"9m": (), "11m": (), "13m": (OUTAGE,), "21m": (OUTAGE,), "27m": ()},
    ),
    Scenario(
        "DeliveryEndpointOutage",
        "one region of two sees it down",
        {**HEALTHY, **required(EU), **available(EU, "0x60"), **available(US, "1x60")},
        {"30m": ()},
    ),
    Scenario(
        "DeliveryEndpointOutage",
        "the other region's prober has died with the state it saw last",
        {
            **HEALTHY,
            series("delivery_prober_last_cycle_timestamp_seconds", probe_region=US): "0x60",
            **required(EU),
            **available(EU, "1x60"),
            **available(US, "0x60"),
        },
        {"30m": ()},
    ),
    Scenario(
        "DeliveryEndpointOutage",
        "nobody needs the endpoint",
        {**HEALTHY, **required(EU, 0), **available(EU, "0x60"), **available(US, "0x60")},
        {"30m": ()},
    ),
    Scenario(
        "DeliveryEndpointUnavailable",
        "a file fails from one region for twenty minutes",
        {
            **HEALTHY,
            **required(EU),
            **available(EU, "1x9 0x19 1x60"),
            **succeeded(EU, "0+60x9 540x19 1800+60x60"),
        },
        {"9m": (), "19m": (), "24m": (UNAVAILABLE,), "36m": ()},
    ),
    Scenario(
        "DeliveryEndpointUnavailable",
        "a file that is asked for once an hour failed once",
        {
            **HEALTHY,
            **required(EU),
            series("delivery_probe_interval_seconds", **KIND, probe_region=EU): "3600x120",
            **available(EU, "1x9 0x60"),
            **succeeded(EU, "0x120"),
        },
        {"60m": ()},
    ),
    Scenario(
        "DeliveryEndpointUnavailable",
        "a release is on its way",
        {
            **HEALTHY,
            **required(EU),
            **available(EU, "0x60"),
            series("delivery_release_published_timestamp_seconds", **VERSION): "0x60",
            series("delivery_release_excluded_after_deadline", **VERSION, **PLACE): "0x60",
        },
        {"25m": ()},
    ),
    Scenario(
        "DeliveryEndpointUnavailable",
        "the region's own way out is broken",
        {
            **HEALTHY,
            series("delivery_prober_control_up", probe_region=EU): "0x60",
            **required(EU),
            **available(EU, "0x60"),
        },
        {"30m": ()},
    ),
    Scenario(
        "DeliveryMirrorCoverageLow",
        "one mirror of two lags for an hour, and nine of ten are asked for",
        {
            **required(EU),
            **required(US),
            series("delivery_endpoint_current", **CDN, probe_region=EU): "1x120",
            series("delivery_endpoint_current", **CDN, probe_region=US): "1x9 0x60 1x60",
        },
        {
            "9m": (),
            "35m": (),
            "42m": (
                Firing(
                    "widget (stable): 50% of the required pairs of endpoint and region serve the "
                    "current release.",
                    TRAIN,
                ),
            ),
            "72m": (),
        },
    ),
    Scenario(
        "DeliveryMirrorCoverageLow",
        "half is all that is asked for",
        {
            **required(EU),
            **required(US),
            series("delivery_endpoint_current", **CDN, probe_region=EU): "1x120",
            series("delivery_slo_target_ratio", **TRAIN, kpi="mirror_coverage"): "0.5x120",
        },
        {"60m": ()},
    ),
    Scenario(
        "DeliveryEndpointStale",
        "a mirror lacks a release for an hour and a half",
        {
            series("delivery_endpoint_current", **PAIR): "1x9 0x89 1x60",
            series("delivery_endpoint_staleness_seconds", **PAIR): "0x9 60+60x89 0x60",
        },
        {
            "60m": (),
            "85m": (
                Firing(
                    "widget (stable): cdn, from eu-west-1, lacks a release that was published "
                    "1h 16m 0s ago.",
                    PAIR,
                ),
            ),
            "101m": (),
        },
    ),
    Scenario(
        "DeliveryCertificateExpiring",
        "the certificate is renewed after two days",
        {
            series(
                "delivery_endpoint_certificate_not_after_timestamp_seconds", **PAIR
            ): f"{22 * 86400}x72 {100 * 86400}x24",
        },
        {
            "24h": (),
            "36h": (
                Firing(
                    "widget (stable): the earliest certificate on the way to cdn, from eu-west-1, "
                    "expires in 20d 12h 0m 0s.",
                    PAIR,
                ),
            ),
            "74h": (),
        },
        step="1h",
    ),
    Scenario(
        "DeliveryCertificateExpiring",
        "nobody renews it",
        {
            series(
                "delivery_endpoint_certificate_not_after_timestamp_seconds", **PAIR
            ): f"{22 * 86400}x24 {4 * 86400}x24 {100 * 86400}x24",
        },
        {
            "20h": (),
            "36h": tuple(
                Firing(
                    "widget (stable): the earliest certificate on the way to cdn, from eu-west-1, "
                    "expires in 2d 12h 0m 0s.",
                    PAIR,
                    severity,
                )
                for severity in ("warning", "critical")
            ),
            "50h": (),
        },
        step="1h",
    ),
    Scenario(
        "DeliveryAuthRejected",
        "a token has expired, and is replaced after half an hour",
        {
            **attempts("0+1x120", "bearer"),
            **failures("auth_expired", "0x9 0+1x30 30x60", "bearer"),
        },
        {
            "9m": (),
            "34m": (
                Firing(
                    "widget (stable): 100% of the attempts with credentials are refused at cdn, "
                    "from eu-west-1.",
                    PAIR,
                ),
            ),
            "60m": (),
        },
    ),
    Scenario(
        "DeliveryAuthRejected",
        "half of the attempts are refused",
        {**attempts("0+2x120", "bearer"), **failures("auth_denied", "0+1x120", "bearer")},
        {"60m": ()},
    ),
    Scenario(
        "DeliveryRateLimited",
        "one attempt in two is turned away for an hour",
        {**attempts("0+2x120"), **failures("rate_limited", "0x9 0+1x60 60x60")},
        {
            "9m": (),
            "45m": (
                Firing(
                    "widget (stable): 50% of the attempts are answered with a rate limit at cdn, "
                    "from eu-west-1.",
                    PAIR,
                ),
            ),
            "95m": (),
        },
    ),
)
