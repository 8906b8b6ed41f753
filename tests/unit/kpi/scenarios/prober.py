"""The prober itself: blind, gone, overworked, or refused."""

from tests.unit.kpi.scenarios.scenario import TRAIN, Firing, Scenario, series

REGION = {"probe_region": "eu-west-1"}
INSTANCE = {"job": "delivery-probe", "instance": "eu:29464"}
CDN = {**TRAIN, "endpoint": "cdn"}
FEED = {**INSTANCE, **TRAIN, "source": "github"}


def cycle(values: str, **labels: str) -> dict[str, str]:
    return {series("delivery_prober_last_cycle_timestamp_seconds", **REGION, **labels): values}


def count(name: str, values: str, **labels: str) -> dict[str, str]:
    return {series(name, **labels): values}


SCENARIOS = (
    Scenario(
        "DeliveryProbeEgressBroken",
        "no control target answers for ten minutes",
        count("delivery_prober_control_up", "1x9 0x9 1x60", **REGION),
        {
            "12m": (),
            "14m": (
                Firing(
                    "No control target answers eu-west-1: what fails there says nothing about "
                    "deliveries.",
                    REGION,
                ),
            ),
            "21m": (),
        },
    ),
    Scenario(
        "DeliveryProbeDown",
        "a prober is restarted after twenty minutes",
        {
            **cycle("0+60x9 stale _x19 1800+60x60", **INSTANCE),
            **count("up", "1x9 0x19 1x60", **INSTANCE),
        },
        {
            "14m": (),
            "16m": (
                Firing(
                    "eu:29464, which probes from eu-west-1, cannot be scraped.",
                    {**INSTANCE, **REGION},
                ),
            ),
            "31m": (),
        },
    ),
    Scenario(
        "DeliveryProbeDown",
        "what is down is no prober",
        {**cycle("0+60x60", **INSTANCE), **count("up", "0x60", job="node", instance="eu:9100")},
        {"30m": ()},
    ),
    Scenario(
        "DeliveryProbeAbsent",
        "half an hour passes before the first prober is heard of",
        cycle("_x30 1800+60x60"),
        {
            "14m": (),
            "16m": (
                Firing(
                    "Prometheus has no series of any prober: no failures is not availability.",
                    {},
                    "critical",
                ),
            ),
            "31m": (),
        },
    ),
    Scenario(
        "DeliveryProbeResultsStale",
        "the scheduler stands still for twenty minutes",
        cycle("0+60x9 540x20 1800+60x60"),
        {
            "23m": (),
            "26m": (
                Firing("The scheduler of eu-west-1 last dispatched anything 17m 0s ago.", REGION),
            ),
            "31m": (),
        },
    ),
    Scenario(
        "DeliveryProbeRegionSilent",
        "a region vanishes for half an hour",
        cycle("0+60x9 stale _x29 2400+60x60"),
        {
            "29m": (),
            "32m": (
                Firing(
                    "Nothing was heard of eu-west-1 for 23m 0s: its prober, its Prometheus, or "
                    "what is between them is gone.",
                    REGION,
                ),
            ),
            "41m": (),
        },
    ),
    Scenario(
        "DeliveryWatchdog",
        "a prober comes and goes",
        cycle("_x5 300+60x10 stale"),
        {
            "4m": (),
            "10m": (
                Firing(
                    "Always firing while eu-west-1 probes; somebody has to notice when it ends.",
                    REGION,
                    "none",
                ),
            ),
            "17m": (),
        },
    ),
    Scenario(
        "DeliveryProbeOverloaded",
        "probes are left out for half an hour",
        {
            **count(
                "delivery_probe_skipped_total", "0x9 0+4x30 120x60", **REGION, reason="overload"
            ),
            **count("delivery_probe_errors_total", "0x120", **REGION, reason="overload"),
        },
        {
            "9m": (),
            "30m": (
                Firing(
                    "eu-west-1 left out 60 probes in 15 minutes, or could not believe what it "
                    "measured.",
                    REGION,
                ),
            ),
            "60m": (),
        },
    ),
    Scenario(
        "DeliveryProbeOverloaded",
        "measurements cannot be believed",
        {
            **count("delivery_probe_skipped_total", "0x120", **REGION, reason="overload"),
            **count(
                "delivery_probe_errors_total", "0x9 0+4x30 120x60", **REGION, reason="overload"
            ),
        },
        {
            "9m": (),
            "30m": (
                Firing(
                    "eu-west-1 left out 60 probes in 15 minutes, or could not believe what it "
                    "measured.",
                    REGION,
                ),
            ),
            "60m": (),
        },
    ),
    Scenario(
        "DeliveryProbeSchedulerLagging",
        "every second probe starts late for half an hour",
        {
            **count("delivery_probe_late_total", "0x9 0+5x30 150x60", **REGION),
            **count("delivery_probe_start_delay_seconds_count", "0+10x120", **REGION),
        },
        {
            "9m": (),
            "30m": (
                Firing(
                    "50% of the probes of eu-west-1 start more than a tenth of their interval "
                    "after they are due.",
                    REGION,
                ),
            ),
            "60m": (),
        },
    ),
    Scenario(
        "DeliveryProbeInternalError",
        "an attempt ended in a bug",
        count("delivery_probe_errors_total", "0x9 1x60", **REGION, reason="internal"),
        {
            "9m": (),
            "20m": (
                Firing(
                    "What should not be able to fail failed 1 times in 15 minutes; the log has "
                    "the trace.",
                    REGION,
                ),
            ),
            "30m": (),
        },
    ),
    Scenario(
        "DeliveryProbeInternalError",
        "periodic work ended in a bug",
        count("delivery_scheduler_events_total", "0x9 1x60", **INSTANCE, event="error"),
        {
            "9m": (),
            "20m": (
                Firing(
                    "What should not be able to fail failed 1 times in 15 minutes; the log has "
                    "the trace.",
                    INSTANCE,
                ),
            ),
            "30m": (),
        },
    ),
    Scenario(
        "DeliveryFullDownloadsDeferred",
        "large files wait for bytes until the next day",
        count("delivery_full_downloads_deferred", "0x6 2x48 0x60", **CDN),
        {
            "6h": (),
            "8h": (
                Firing(
                    "widget (stable): 2 large files at cdn were not read whole for want of bytes.",
                    CDN,
                ),
            ),
            "10h": (),
        },
        step="10m",
    ),
    Scenario(
        "DeliveryByteBudgetExhausted",
        "even small files are left out for half an hour",
        count("delivery_probe_skipped_total", "0x9 0+4x30 120x60", **REGION, reason="budget"),
        {
            "9m": (),
            "30m": (
                Firing("eu-west-1 left out 60 probes in 15 minutes for want of bytes.", REGION),
            ),
            "60m": (),
        },
    ),
    Scenario(
        "DeliveryKpiReviewOverdue",
        "a review comes two hours after it should have become a ticket",
        count("delivery_kpi_ownership_coverage_ratio", "1x6 0.5x47 1x60", **TRAIN),
        {
            "6h": (),
            "8h": (
                Firing(
                    "widget (stable): 50% of its targets have an owner, a cadence, and a review "
                    "that is younger than that.",
                    TRAIN,
                ),
            ),
            "10h": (),
        },
        step="10m",
    ),
    Scenario(
        "DeliveryConfigReloadFailed",
        "a bad file stays for half an hour",
        count("delivery_config_last_reload_successful", "1x9 0x29 1x60", **INSTANCE),
        {
            "9m": (),
            "26m": (
                Firing("eu:29464 goes on with the last configuration that was good.", INSTANCE),
            ),
            "41m": (),
        },
    ),
    Scenario(
        "DeliveryLedgerDown",
        "the disk is full for ten minutes",
        count("delivery_ledger_up", "1x9 0x9 1x60", **INSTANCE),
        {
            "9m": (),
            "16m": (
                Firing(
                    "eu:29464 cannot write its ledger: after a restart it will not know what it "
                    "has seen.",
                    INSTANCE,
                ),
            ),
            "21m": (),
        },
    ),
    Scenario(
        "DeliveryLedgerDown",
        "too much waits to be written",
        count("delivery_ledger_dropped_total", "0x9 5x60", **INSTANCE),
        {
            "9m": (),
            "16m": (
                Firing(
                    "eu:29464 cannot write its ledger: after a restart it will not know what it "
                    "has seen.",
                    INSTANCE,
                ),
            ),
            "30m": (),
        },
    ),
    Scenario(
        "DeliveryCatalogStale",
        "a source fails for an hour and a half",
        {
            **count("delivery_catalog_last_success_timestamp_seconds", "0x90 5400+60x60", **FEED),
            **count("delivery_catalog_errors_total", "0+1x90 90x60", **FEED),
        },
        {
            "64m": (),
            "67m": (
                Firing(
                    "widget (stable): eu:29464 last read its github catalog 1h 7m 0s ago, so "
                    "newer releases are not probed.",
                    FEED,
                ),
            ),
            "92m": (),
        },
    ),
    Scenario(
        "DeliveryCatalogStale",
        "a source is read twice a day, without a fault",
        {
            **count("delivery_catalog_last_success_timestamp_seconds", "0x72 43200x72", **FEED),
            **count("delivery_catalog_errors_total", "0x150", **FEED),
        },
        {"11h": ()},
        step="10m",
    ),
    Scenario(
        "DeliveryCatalogStale",
        "nobody tries any more",
        {
            **count("delivery_catalog_last_success_timestamp_seconds", "0x28 104400x72", **FEED),
            **count("delivery_catalog_errors_total", "0x150", **FEED),
        },
        {
            "26h": (),
            "28h": (
                Firing(
                    "widget (stable): eu:29464 last read its github catalog 1d 4h 0m 0s ago, so "
                    "newer releases are not probed.",
                    FEED,
                ),
            ),
            "30h": (),
        },
        step="1h",
    ),
    Scenario(
        "DeliveryGithubRateLimitLow",
        "an hour's requests are used up, and come back",
        count("delivery_github_ratelimit_remaining", "60x9 4x29 60x60", **TRAIN),
        {
            "9m": (),
            "26m": (Firing("widget (stable): 4 requests are left in this window.", TRAIN),),
            "41m": (),
        },
    ),
)
