from collections import Counter

from probe.domain.snapshot import Snapshot, merge
from probe.domain.target import AddressFamily, Egress, Region
from probe.engine.planning import Planner, Shard
from tests.builders import a_product, a_release, an_artifact, an_endpoint
from tests.unit.engine.world import EU, FakeResolver

ONE = "192.0.2.1"
SIX = "2001:db8::1"


def world(resolver=None, regions=(EU,), **fields: object):
    endpoint = an_endpoint("cdn", "https://dl.example/{name}", every_address=True, **fields)
    product = a_product(endpoint)
    planner = Planner(resolver or FakeResolver(dl_example=(ONE, SIX)))
    planner.regions = regions
    return planner, product, merge(Snapshot(), product, [a_release()])


def addresses(planner):
    return [target.address for target in planner.targets]


async def test_each_address_of_a_name_is_a_target():
    planner, product, snapshot = world()
    assert await planner.plan([product], snapshot)
    assert addresses(planner) == [ONE, SIX]
    assert {target.url for target in planner.targets} == {
        "https://dl.example/widget_1.4.2_linux_amd64.tar.gz"
    }


async def test_only_addresses_of_the_family_count():
    planner, product, snapshot = world(family=AddressFamily.IPV6)
    await planner.plan([product], snapshot)
    assert addresses(planner) == [SIX]


async def test_the_last_addresses_stay_while_the_name_does_not_resolve():
    resolver = FakeResolver(dl_example=(ONE,))
    planner, product, snapshot = world(resolver)
    await planner.plan([product], snapshot)
    resolver.names.clear()
    assert not await planner.plan([product], snapshot)
    assert addresses(planner) == [ONE]


async def test_a_name_that_never_resolved_is_one_target_without_address():
    planner, product, snapshot = world(FakeResolver())
    await planner.plan([product], snapshot)
    assert addresses(planner) == [""]


async def test_addresses_that_change_change_the_plan():
    resolver = FakeResolver(dl_example=(ONE,))
    planner, product, snapshot = world(resolver)
    await planner.plan([product], snapshot)
    resolver.names["dl.example"] = (SIX,)
    assert await planner.plan([product], snapshot)
    assert addresses(planner) == [SIX]


async def test_behind_a_proxy_no_address_can_be_pinned():
    region = Region("us", Egress(proxy="http://127.0.0.1:3128"))
    planner, product, snapshot = world(regions=(region,))
    await planner.plan([product], snapshot)
    assert addresses(planner) == [""]


async def test_the_same_catalog_changes_nothing():
    planner, product, snapshot = world()
    await planner.plan([product], snapshot)
    targets = planner.targets
    again = merge(snapshot, product, [a_release()])
    assert not await planner.plan([product], again)
    assert all(a is b for a, b in zip(targets, planner.targets, strict=True))


async def test_shards_share_all_targets_among_them():
    keys = []
    for index in range(3):
        planner, product, snapshot = world()
        planner.shard = Shard(index, 3)
        await planner.plan([product], snapshot)
        keys += [target.key for target in planner.targets]
    assert len(keys) == len(set(keys)) == 2


async def test_a_product_that_is_gone_takes_its_targets_along():
    planner, product, snapshot = world()
    await planner.plan([product], snapshot)
    assert planner.keep([])
    assert planner.targets == ()
    assert not planner.keep([])


async def test_a_shard_has_an_artifact_at_all_endpoints_or_at_none():
    artifacts = [an_artifact(f"widget-{number}.tar.gz") for number in range(8)]
    product = a_product(an_endpoint("origin", origin=True), an_endpoint("cdn"))
    planner = Planner(FakeResolver())
    planner.regions, planner.shard = (EU, Region("us")), Shard(0, 2)
    await planner.plan([product], merge(Snapshot(), product, [a_release("1.4.2", *artifacts)]))
    copies = Counter(target.artifact.name for target in planner.targets)
    assert 0 < len(copies) < 8
    assert set(copies.values()) == {4}
