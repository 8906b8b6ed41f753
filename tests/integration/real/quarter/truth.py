"""
What every KPI has to say of the script, worked out by hand.

The tables count in minutes and in attempts what ``script`` says; what is asserted are sums over
them. On a calm day there are 48 attempts for a file, on a busy one 88. S stands for the small file
of a release, L for the large one; ``c/eu`` is the CDN as seen from Europe, and so on.
"""

from collections.abc import Callable, Iterable, Mapping

from tests.integration.real.quarter.script import ADDED, AP, CDN, EU, GITHUB, MIRROR, US, VAULT

Place = tuple[str, str]
Truth = Mapping[tuple[str, ...], float]

PLACES: Mapping[str, Place] = {
    "g/eu": (GITHUB, EU),
    "g/us": (GITHUB, US),
    "g/ap": (GITHUB, AP),
    "c/eu": (CDN, EU),
    "c/us": (CDN, US),
    "c/ap": (CDN, AP),
    "m/eu": (MIRROR, EU),
    "v/eu": (VAULT, EU),
    "v/us": (VAULT, US),
    "n/us": (ADDED, US),
}
ALWAYS = ("g/eu", "g/us", "c/eu", "c/us", "m/eu", "v/eu", "v/us")
UNTIL_82 = ("g/ap", "c/ap")

# --- Availability: minutes of files, of the last thirty days (60 to 89) -------------------------
#
# Two releases are probed at a time, and what one of them names to go back to. From noon to noon:
#   60 (midnight) to 61   1.4.0 1.3.0   36 h
#   61 to 65              1.5.0 1.4.0   96 h   of 1.5.0 only S in the first two hours
#   65 to 70              1.5.1 1.5.0  120 h   unknown in ap on day 69 from 12:30 to 15:00
#   70 to 71              1.6.0 1.5.1   24 h
#   71 to 72              1.5.1 1.5.0   24 h
#   72 to 78              1.6.1 1.5.1  144 h   of 1.6.1 only S
#   78 to 84              1.7.0 1.6.1  144 h   in ap only the first 96
#   84 to 89              1.8.0 1.7.0  120 h   at the added mirror only the last 72
#   89 to midnight        1.9.0 1.8.0   12 h, and 1.7.0, which 1.8.0 goes back to
#
# Hours of files, at a place that is always there / in ap / at the added mirror:
HOURS: Mapping[str, tuple[float, float, float]] = {
    "1.3.0": (36 * 2, 36 * 2, 0),
    "1.4.0": (132 * 2, 132 * 2, 0),
    # S 96 + 120 + 24; L two hours less; the uplink of ap was lost for 2.5 h x 2 files.
    "1.5.0": (240 + 238, 240 + 238 - 5, 0),
    "1.5.1": (312 * 2, 312 * 2 - 5, 0),
    "1.6.0": (24 * 2, 24 * 2, 0),
    "1.6.1": (288, 240, 0),
    "1.7.0": (276 * 2, 96 * 2, 84 * 2),
    "1.8.0": (132 * 2, 0, 84 * 2),
    "1.9.0": (12 * 2, 0, 12 * 2),
}
# Minutes in which the last attempt had failed: minutes x files, by release and place.
DOWN: Mapping[str, Mapping[str, float]] = {
    # Credentials refused for an hour on day 63, of both files of both releases.
    "1.4.0": {"v/eu": 60 * 2, "v/us": 60 * 2},
    "1.5.0": {
        # On its way, S alone.
        "c/eu": 5,
        "c/us": 5,
        "c/ap": 5,
        "m/eu": 60,
        # 63, both files.
        "v/eu": 60 * 2,
        "v/us": 60 * 2,
        # Rate limited on day 66.
        "g/us": 40 * 2,
    },
    "1.5.1": {
        # On its way, both files; L with other bytes for three hours on day 73.
        "c/eu": 10 * 2 + 180,
        "c/us": 10 * 2,
        "c/ap": 15 * 2,
        "v/eu": 5 * 2,
        "v/us": 5 * 2,
        "m/eu": 480 * 2,
        "g/us": 40 * 2,
    },
    "1.6.1": {
        "c/eu": 5,
        # Stale on day 75.
        "c/us": 5 + 150,
        # Failing when its region was dropped on day 82.
        "c/ap": 5 + 90,
        # Truncated on day 76.
        "m/eu": 5 + 45,
    },
    "1.7.0": {
        # On its way, both files; S replaced on day 80, and the old one at the CDN for an hour.
        "c/eu": 5 * 2 + 60,
        "c/us": 10 * 2 + 60,
        # And failing when its region was dropped.
        "c/ap": 20 * 2 + 60 + 90 * 2,
        "v/eu": 10 * 2,
        "v/us": 10 * 2,
        "m/eu": 25 * 2,
    },
    "1.8.0": {"c/eu": 5 * 2, "c/us": 10 * 2, "v/eu": 5 * 2, "v/us": 5 * 2, "m/eu": 15 * 2},
    # Twelve hours old at the end, and still not at two places.
    "1.9.0": {
        "c/eu": 5 * 2,
        "c/us": 10 * 2,
        "v/eu": 5 * 2,
        "v/us": 720 * 2,
        "m/eu": 720 * 2,
        "n/us": 15 * 2,
    },
}


def _known(version: str, place: str) -> float:
    always, in_ap, added = HOURS[version]
    hours = always if place in ALWAYS else in_ap if place in UNTIL_82 else added
    return 60 * hours


def _up(versions: Iterable[str], places: Iterable[str]) -> float:
    """Return the share of known time in which files were up."""
    cells = [(version, place) for version in versions for place in places]
    down = sum(DOWN.get(version, {}).get(place, 0) for version, place in cells)
    return 1 - down / sum(_known(version, place) for version, place in cells)


def _of(region: str) -> list[str]:
    return [place for place, (_, of) in PLACES.items() if of == region]


REGIONS = (EU, US, AP)
BY_REGION = {region: _up(HOURS, _of(region)) for region in REGIONS}
BY_RELEASE_AND_REGION = {
    (version, region): _up([version], _of(region))
    for version in HOURS
    for region in REGIONS
    if sum(_known(version, place) for place in _of(region))
}
# 5800 minutes down of 1 336 920, in all.

# --- Attempts, of the same thirty days ----------------------------------------------------------
#
# For a file, from noon to noon: 48 a day, and 40 more on a busy one.
#   60 (midnight) to 61    72       70 to 71    48       84 to 89   240 + 2 x 40 = 320
#   61 to 65   192 + 2 x 40 = 272   71 to 72    48          added mirror: 144 + 40 = 184
#   65 to 70   240 + 3 x 40 = 360   72 to 78   288 + 3 x 40 = 408
#       in ap 36 less: no uplink    78 to 84   288 + 2 x 40 = 368
#                                       in ap 192 + 2 x 40 = 272      89   24 + 40 = 64
# In Europe nine less for each of four files on day 87, when the probe was too busy.
#
# S: 2 x 72, 2 x 272, 2 x 360, 2 x 48, 2 x 48, 2 x 408, 2 x 368, 2 x 320, 3 x 64 = 3984
#    in ap:  144, 544, 720 - 72, 96, 96, 816, 544 = 2888; added: 2 x 184 + 3 x 64 = 560
# L: 2 x 72, 272 + 248, 720, 96, 96, 408, 368, 640, 192 = 3184 (1.5.0 from 14:00 on, none of 1.6.1)
#    in ap:  144, 520, 720 - 72, 96, 96, 408, 272 = 2184; added: 560
SMALL: Mapping[str, int] = (
    {"g/eu": 3966, "c/eu": 3966, "m/eu": 3966, "v/eu": 3966}
    | {"g/us": 3984, "c/us": 3984, "v/us": 3984, "n/us": 560}
    | {"g/ap": 2888, "c/ap": 2888}
)
LARGE: Mapping[str, int] = (
    {"g/eu": 3166, "c/eu": 3166, "m/eu": 3166, "v/eu": 3166}
    | {"g/us": 3184, "c/us": 3184, "v/us": 3184, "n/us": 560}
    | {"g/ap": 2184, "c/ap": 2184}
)
# Failures of S, and of L at any depth, by reason. A file that comes five minutes late is missed
# once. At the mirror 1.5.1 is missed 48 times until 16:00, and 8 times until 20:00; what is missed
# from noon of day 89 on, 64 times.
MISSED_SMALL = {
    "c/eu": 1 + 2 + 1 + 1 + 1 + 1,
    "c/us": 1 + 2 + 1 + 2 + 2 + 2,
    "c/ap": 1 + 3 + 1 + 4,
    "m/eu": 12 + 56 + 1 + 5 + 3 + 64,
    "v/eu": 1 + 2 + 1 + 1,
    "v/us": 1 + 2 + 1 + 64,
    "n/us": 3,
}
# The same without 1.5.0 and 1.6.1.
MISSED_LARGE = {
    "c/eu": 2 + 1 + 1 + 1,
    "c/us": 2 + 2 + 2 + 2,
    "c/ap": 3 + 4,
    "m/eu": 56 + 5 + 3 + 64,
    "v/eu": 1 + 2 + 1 + 1,
    "v/us": 1 + 2 + 1 + 64,
    "n/us": 3,
}
FAILED_SMALL: Mapping[str, Mapping[str, int]] = {
    "not_found": MISSED_SMALL,
    "auth_denied": {"v/eu": 12 * 2, "v/us": 12 * 2},
    "rate_limited": {"g/us": 8 * 2},
    "checksum_mismatch": {"c/eu": 12, "c/us": 12, "c/ap": 12},
    "stale": {"c/us": 30},
    "truncated": {"m/eu": 9},
    # 10:30, 11:00, 11:30: two releases.
    "http_5xx": {"c/ap": 3 * 2},
}
FAILED_LARGE: Mapping[str, Mapping[str, int]] = {
    "not_found": MISSED_LARGE,
    "auth_denied": {"v/eu": 12 * 2, "v/us": 12 * 2},
    "rate_limited": {"g/us": 8 * 2},
    "checksum_mismatch": {"c/eu": 3},
    "http_5xx": {"c/ap": 3},
}
REASONS = tuple(FAILED_SMALL)
# L read in full. Each day at 06:00, of both releases, or of one from 73 to 84 (there is no L of
# 1.6.1): 2 x 13 + 12 + 2 x 5 = 48, in ap 2 x 13 + 10 = 36, at the added mirror 2 x 3 = 6. Then each
# time until it first passes: 1.5.0 1.5.1 1.6.0 1.7.0 1.8.0 1.9.0, as far as they come; two at the
# added mirror when it is new. And three times more on day 73, everywhere.
FULL_LARGE: Mapping[str, int] = {
    "g/eu": 48 + 6 + 3,
    "g/us": 48 + 6 + 3,
    "g/ap": 36 + 4 + 3,
    "c/eu": 48 + 6 + 3 + MISSED_LARGE["c/eu"],
    "c/us": 48 + 6 + 3 + MISSED_LARGE["c/us"],
    "c/ap": 36 + 4 + 3 + MISSED_LARGE["c/ap"],
    "m/eu": 48 + 5 + 3 + MISSED_LARGE["m/eu"],
    "v/eu": 48 + 6 + 3 + MISSED_LARGE["v/eu"],
    "v/us": 48 + 5 + 3 + MISSED_LARGE["v/us"],
    "n/us": 6 + 2 + 1 + MISSED_LARGE["n/us"],
}
FAILED_FULL_LARGE = MISSED_LARGE | {"c/eu": MISSED_LARGE["c/eu"] + 3}


def _total(*tables: Mapping[str, int]) -> int:
    return sum(sum(table.values()) for table in tables)


def _failed(place: str) -> int:
    tables = (*FAILED_SMALL.values(), *FAILED_LARGE.values())
    return sum(table.get(place, 0) for table in tables)


def _failed_small(place: str) -> int:
    return sum(table.get(place, 0) for table in FAILED_SMALL.values())


ATTEMPTS = _total(SMALL, LARGE)
ALL_FAILED_SMALL = sum(map(_failed_small, PLACES))
ALL_FAILED_FULL_LARGE = sum(FAILED_FULL_LARGE.values())
VERIFIED_IN_FULL = _total(SMALL) - ALL_FAILED_SMALL + _total(FULL_LARGE) - ALL_FAILED_FULL_LARGE
OTHER_BYTES = _total(
    FAILED_SMALL["checksum_mismatch"], FAILED_SMALL["stale"], FAILED_LARGE["checksum_mismatch"]
)
REFUSED = 24 + 24


def _authorized(place: str) -> tuple[int, int]:
    """Return how often one got in, and how often one got in or was refused."""
    verified = SMALL[place] + LARGE[place] - _failed(place)
    return verified, verified + REFUSED


# --- Releases -----------------------------------------------------------------------------------
#
# Published in the last thirty days, and not withdrawn: 1.5.0 1.5.1 1.6.1 1.7.0 1.8.0 1.9.0. A pair
# has a release when its slowest file was read: 15 s after the attempt began, 0.8 s where that is S.
#   1.5.0   S alone, as of half an hour after publication; from publication
#   1.5.1   from its tag at 11:50; the mirror is excluded, six hours having passed
#   1.7.0   from its approval at 11:40; of what it is published with L alone remains
#   1.8.0   there before its approval: 0
FIRST: Mapping[str, float] = {
    "1.5.0": 0.8,
    "1.5.1": 600 + 15,
    "1.6.1": 0.8,
    "1.7.0": 1200 + 15,
    "1.8.0": 0,
    "1.9.0": 15,
}
# In order 0, 0.8, 0.8, 15, 615, 1215.
FIRST_AT_HALF, FIRST_AT_95 = (0.8 + 15) / 2, 615 + 0.75 * 600
ALL: Mapping[str, float] = {
    "1.5.0": 3600 + 0.8,
    "1.5.1": 900 + 15,
    "1.6.1": 300 + 0.8,
    "1.7.0": 1500 + 15,
    "1.8.0": 900 + 15,
}
# In order 300.8, 915, 915, 1515, 3600.8.
ALL_AT_95 = 1515 + 0.8 * (3600.8 - 1515)
# By when half of the pairs had it, of those that did in time:
#   1.5.0  0.8 x 5, 300.8 x 3, 3600.8           1.7.0  15 x 3, 315, 615 x 3, 1215, 1515
#   1.5.1  15 x 3, 315 x 2, 615 x 2, 915        1.8.0  15 x 2, 315 x 3, 615, 915
#   1.6.1  0.8 x 5, 300.8 x 4                   1.9.0  15 x 2, 315 x 2, 615, 915
FASTEST = {"1.5.0": 0.8, "1.5.1": 15, "1.6.1": 0.8, "1.7.0": 15, "1.8.0": 15, "1.9.0": 15}
MEDIAN = {"1.5.0": 0.8, "1.5.1": 315, "1.6.1": 0.8, "1.7.0": 615, "1.8.0": 315, "1.9.0": 315}
# At the CDN: 300.8, 915, 300.8, 1215, 615, 615.
EDGE_AT_95 = 915 + 0.75 * 300

# --- Incidents, of ninety days -------------------------------------------------------------------
#
# The onset lies halfway between the last success and the first failure; the third failure is the
# detection: with attempts every five minutes 12.5 minutes later. What never was there is due half
# an hour after publication.
#
# Users are served as soon as all that is down was verified somewhere else in their region: a small
# file when it is detected, the large one with its next full read, and else not before it is over.
#
#   day  class                  detected  served  over    why
INCIDENTS: tuple[tuple[int, str, float, float | None, float | None], ...] = (
    (5, "timeout:cdn", 750, 1950, 1950),
    (12, "unknown:cdn", 3600, 7200, 7200),  # told by a user at 13:00: from 12:00 to 14:00
    (25, "http_5xx:cdn", 330, 3750, 3750),  # told by an alert at 12:33
    (33, "http_5xx:cdn", 750, 750, 7350),  # again
    (40, "timeout:cdn", 750, 2550, 2550),  # again; the probe was killed meanwhile
    (50, "connect:repository", 150, 930, 930),  # 12:09:30 to 12:25, with a pause of six minutes
    (61, "not_found:mirror", 600, 600, 1800),
    (63, "auth_denied:repository", 750, 3750, 3750),
    (65, "not_found:mirror", 600, 27015, 27015),  # again; 7.5 h, and 15 s for the large file
    (66, "rate_limited:github", 750, 2550, 2550),
    # Between two full reads, from 18:00 of the day before to the third one that failed.
    (73, "checksum_mismatch:cdn", 14 * 3600, 14 * 3600, 15 * 3600),
    (75, "stale:cdn", 750, 750, 9150),
    (76, "truncated:mirror", 750, 750, 2850),
    (80, "checksum_mismatch:cdn", 750, 750, 3750),  # not again: the post-mortems tell two causes
    (82, "http_5xx:cdn", 4500, 6300, 6300),  # again; until its region is dropped
    (89, "not_found:mirror", 600, None, None),  # again
    (89, "not_found:repository", 600, None, None),
)
AGAIN = 5
TIME_TO_DETECT = sum(detected for _, _, detected, _, _ in INCIDENTS) / 17
TIME_TO_SERVE = sum(served or 0 for _, _, _, served, _ in INCIDENTS) / 15
TIME_TO_RESTORE = sum(over or 0 for _, _, _, _, over in INCIDENTS) / 15
# Seen down by two regions, or by the only one that looks; from the first failure, or a little
# before. The CDN on days 5, 25, 40, 80; the vault on 63; the mirror on 61, 65, 76 and 89 (open).
OUTAGE_MINUTES = {
    CDN: (30 + 60 + 40 + 60) / 4,
    VAULT: 60.0,
    MIRROR: (30 + 450 + 45 + 690) / 4,
}
HALF_A_STEP = 75  # between what is seen first and what is half a step before

# --- Truth ----------------------------------------------------------------------------------------


def _pairs(of: Callable[[str], float], places: Iterable[str] = PLACES) -> Truth:
    return {PLACES[place]: of(place) for place in places}


def _tiers(small: Callable[[str], float], large: Callable[[str], float]) -> Truth:
    return {
        (*PLACES[place], tier): of(place)
        for place in PLACES
        for tier, of in (("xs", small), ("m", large))
    }


def _versions(by_version: Mapping[str, float]) -> Truth:
    return {(version,): value for version, value in by_version.items()}


TRANSFERRED = {
    "xs": 1 - ALL_FAILED_SMALL / _total(SMALL),
    "m": 1 - ALL_FAILED_FULL_LARGE / _total(FULL_LARGE),
}

TRUTH: Mapping[str, Truth] = {
    # In time: not 1.5.0, nor 1.6.1. What came of 1.7.0 later does not undo it.
    "delivery:release_completeness:ratio": {(): 4 / 6},
    # By now: not 1.6.1.
    "delivery:release_complete_now:ratio": {(): 5 / 6},
    "delivery:missing_asset_releases:ratio": {(): 1 / 6},
    # Of 11 files those of 1.5.1 are tagged as another version.
    "delivery:metadata_completeness:ratio": {(): 9 / 11},
    "delivery:artifact_availability_overall:ratio_30d": {(): _up(HOURS, PLACES)},
    "delivery:artifact_availability:ratio_30d": _pairs(lambda place: _up(HOURS, [place])),
    "delivery:release_availability:ratio_30d": {
        (version,): _up([version], PLACES) for version in HOURS
    },
    "delivery:release_regional_availability:ratio_30d": BY_RELEASE_AND_REGION,
    "delivery:release_availability_worst_region:ratio_30d": {
        (version,): min(up for (of, _), up in BY_RELEASE_AND_REGION.items() if of == version)
        for version in HOURS
    },
    "delivery:download_success:ratio_30d": _pairs(
        lambda place: 1 - _failed(place) / (SMALL[place] + LARGE[place])
    ),
    "delivery:download_failure:ratio_30d": {
        (reason,): _total(FAILED_SMALL[reason], FAILED_LARGE.get(reason, {})) / ATTEMPTS
        for reason in REASONS
    },
    "delivery:regional_availability:ratio_30d": {(of,): up for of, up in BY_REGION.items()},
    "delivery:artifact_availability_worst_region:ratio_30d": {(): min(BY_REGION.values())},
    # Europe 50, America 30; ap is dropped.
    "delivery:artifact_availability_weighted:ratio_30d": {
        (): (50 * BY_REGION[EU] + 30 * BY_REGION[US]) / 80
    },
    "delivery:auth_success_overall:ratio_30d": {
        (): sum(_authorized(each)[0] for each in ("v/eu", "v/us"))
        / sum(_authorized(each)[1] for each in ("v/eu", "v/us"))
    },
    "delivery:auth_success:ratio_30d": _pairs(
        lambda place: _authorized(place)[0] / _authorized(place)[1], ("v/eu", "v/us")
    ),
    # Of eight pairs: c/us names another release, v/us and m/eu lack it.
    "delivery:mirror_coverage:ratio": {(): 5 / 8},
    # Of the last day: of S 8 of 88 take 3 s, L takes 15 s and is rare.
    "delivery:download_duration_overall_seconds:p95_1d": {(): 3.0},
    "delivery:download_duration_seconds:p95_1d": {
        key: seconds
        for key, seconds in _tiers(lambda _: 3.0, lambda _: 15.0).items()
        if key[1] != AP
    },
    "delivery:download_duration_seconds:p50_1d": {
        key: seconds
        for key, seconds in _tiers(lambda _: 0.8, lambda _: 15.0).items()
        if key[1] != AP
    },
    # At c/us one read of L took 90 s.
    "delivery:download_fast:ratio_30d": _tiers(
        lambda place: 1 - _failed_small(place) / SMALL[place],
        lambda place: 1 - (FAILED_FULL_LARGE.get(place, 0) + (place == "c/us")) / FULL_LARGE[place],
    ),
    "delivery:download_fast_overall:ratio_30d": {
        (): 1 - (ALL_FAILED_SMALL + ALL_FAILED_FULL_LARGE + 1) / _total(SMALL, FULL_LARGE)
    },
    "delivery:transfer_success:ratio_30d": _tiers(
        lambda place: 1 - _failed_small(place) / SMALL[place],
        lambda place: 1 - FAILED_FULL_LARGE.get(place, 0) / FULL_LARGE[place],
    ),
    "delivery:transfer_success_by_tier:ratio_30d": {
        (tier,): value for tier, value in TRANSFERRED.items()
    },
    "delivery:transfer_success_worst_tier:ratio_30d": {(): TRANSFERRED["m"]},
    'delivery:release_control_coverage:ratio{control="checksum"}': {(): 1.0},
    # Nobody looks at signatures and provenance in this world.
    'delivery:release_control_coverage:ratio{control="signature"}': {},
    "delivery:provenance_coverage:ratio": {},
    "delivery:checksum_verification:ratio_30d": {
        (): VERIFIED_IN_FULL / (VERIFIED_IN_FULL + OTHER_BYTES)
    },
    "delivery:time_to_first_availability_seconds": _versions(FIRST),
    'delivery:time_to_first_availability_seconds:quantile{quantile="0.95"}': {(): FIRST_AT_95},
    'delivery:time_to_first_availability_seconds:quantile{quantile="0.5"}': {(): FIRST_AT_HALF},
    "delivery:release_propagation_seconds": _versions(ALL),
    'delivery:release_propagation_seconds:quantile{quantile="0.95"}': {(): ALL_AT_95},
    "delivery:release_propagation_pending_seconds": {("1.9.0",): 12 * 3600},
    'delivery:release_propagation_quantile_seconds{quantile="0"}': _versions(FASTEST),
    'delivery:release_propagation_quantile_seconds{quantile="0.5"}': _versions(MEDIAN),
    "delivery:mean_time_to_detect_seconds": {(): TIME_TO_DETECT},
    "delivery:incidents_told_by_users:ratio_90d": {(): 1 / 17},
    "delivery:mean_time_to_restore_overall_seconds": {(): TIME_TO_RESTORE},
    "delivery:mean_time_to_serve_seconds": {(): TIME_TO_SERVE},
    "delivery:mean_time_to_restore_seconds": {
        (endpoint,): 60 * minutes + HALF_A_STEP for endpoint, minutes in OUTAGE_MINUTES.items()
    },
    "delivery:incident_recurrence:ratio_90d": {(): AGAIN / 17},
    # 1.8.0 and 1.9.0 name a predecessor that was verified everywhere within a day; how to go back
    # from 1.9.0 is not written anywhere.
    "delivery:rollback_readiness:ratio": {(): 1 / 6},
    # Both files of 1.9.0 are at GitHub, from both regions.
    "delivery:fallback_readiness:ratio": {(): 1.0},
}

# What no rule records; by code.
OF_THE_LEDGER: Mapping[str, float] = {
    "X1.1": 0 / 6,  # none is built for macOS
    # America, not counting the vault, which is not for everybody; in Europe the mirror has to have
    # 1.9.0 and has not.
    "X1.2": 1,
    "X1.3": EDGE_AT_95,
    "X1.4": 9 / 11,  # 1.9.0 is not at the mirror, which has to serve it
}
