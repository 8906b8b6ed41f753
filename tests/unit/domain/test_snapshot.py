from dataclasses import replace
from datetime import timedelta

from probe.domain.snapshot import REMEMBERED, Snapshot, merge, only, plan
from probe.domain.target import Region
from tests.builders import NOON, a_product, a_release, an_artifact, an_endpoint

PRODUCT = a_product()
KEY = PRODUCT.key


def released(number, **fields: object):
    return a_release(f"1.{number}.0", published_at=NOON + timedelta(hours=number), **fields)  # type: ignore[arg-type]


def versions(releases):
    return [release.version for release in releases]


def test_the_newest_three_are_kept_newest_first():
    snapshot = merge(Snapshot(), PRODUCT, [released(n) for n in (2, 4, 1, 3)])
    assert versions(snapshot.kept[KEY]) == ["1.4.0", "1.3.0", "1.2.0"]
    assert versions(snapshot.history[KEY]) == ["1.4.0", "1.3.0", "1.2.0", "1.1.0"]


def test_a_pinned_release_is_kept_besides_the_newest():
    product = replace(PRODUCT, pinned=("1.1.0",))
    snapshot = merge(Snapshot(), product, [released(n) for n in range(1, 6)])
    assert versions(snapshot.kept[KEY]) == ["1.5.0", "1.4.0", "1.3.0", "1.1.0"]


def test_a_yanked_release_is_remembered_but_not_kept():
    snapshot = merge(Snapshot(), PRODUCT, [released(1), released(2, yanked=True)])
    assert versions(snapshot.kept[KEY]) == ["1.1.0"]
    assert versions(snapshot.history[KEY]) == ["1.1.0", "1.2.0"]


def test_a_release_that_vanished_is_remembered_but_not_kept():
    before = merge(Snapshot(), PRODUCT, [released(1), released(2)])
    after = merge(before, PRODUCT, [released(2)])
    assert versions(after.kept[KEY]) == ["1.2.0"]
    assert versions(after.history[KEY]) == ["1.2.0", "1.1.0"]


def test_releases_of_another_channel_are_left_out():
    snapshot = merge(Snapshot(), PRODUCT, [released(1), released(2, channel="beta")])
    assert versions(snapshot.kept[KEY]) == ["1.1.0"]


def test_the_memory_is_bounded_and_never_drops_what_is_kept():
    product = replace(PRODUCT, pinned=("1.0.0",))
    snapshot = merge(Snapshot(), product, [released(n) for n in range(REMEMBERED + 50)])
    assert len(snapshot.history[KEY]) == REMEMBERED
    assert "1.0.0" in versions(snapshot.history[KEY])


def test_a_release_that_says_the_same_stays_the_same_object():
    before = merge(Snapshot(), PRODUCT, [released(1)])
    after = merge(before, PRODUCT, [released(1)])
    assert after.kept[KEY][0] is before.kept[KEY][0]


def test_the_snapshot_before_is_left_as_it_was():
    before = merge(Snapshot(), PRODUCT, [released(1)])
    merge(before, PRODUCT, [released(2)])
    assert versions(before.kept[KEY]) == ["1.1.0"]


def test_products_that_are_followed_no_more_are_forgotten():
    snapshot = merge(Snapshot(), PRODUCT, [released(1)])
    assert only(snapshot, []) == Snapshot()


def test_the_plan_is_artifacts_times_endpoints_times_regions():
    release = a_release("2.0", an_artifact("a"), an_artifact("b"))
    product = a_product(an_endpoint("origin"), an_endpoint("cdn", regions=("us",)))
    snapshot = merge(Snapshot(), product, [release])
    keys = {target.key for target in plan((product,), snapshot, (Region("eu"), Region("us")))}
    assert keys == {
        "widget/stable/2.0/a@origin/eu",
        "widget/stable/2.0/a@origin/us",
        "widget/stable/2.0/a@cdn/us",
        "widget/stable/2.0/b@origin/eu",
        "widget/stable/2.0/b@origin/us",
        "widget/stable/2.0/b@cdn/us",
    }


def test_a_target_knows_the_same_artifact_of_every_other_release():
    snapshot = merge(Snapshot(), replace(PRODUCT, keep=1), [released(n) for n in (1, 2, 3)])
    (target,) = plan((PRODUCT,), snapshot, (Region("eu"),))
    assert [earlier.version for earlier in target.history] == ["1.2.0", "1.1.0"]
