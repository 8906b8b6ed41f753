"""What holds for every file name."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from probe.domain.artifact import AssetClass, Platform
from probe.domain.naming import describe, name_fault, version_fault
from probe.domain.platform_names import MACHINES, SYSTEMS, parse_platform, platform_of

products = st.sampled_from(["widget", "acme-tool", "Lib_X", "darwinia", "winch", "armada"])
versions = st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}(\.[0-9]{1,2})?", fullmatch=True)
separators = st.sampled_from(["_", "-", "."])
# Half of a pair may be a word of its own ("all") or needs its partner; these tell alone.
systems = st.sampled_from(sorted(set(SYSTEMS) - {"wasi", "wasip1", "emscripten", "pyodide"}))
machines = st.sampled_from(sorted(set(MACHINES) - {"wasm", "wasm32", "universal", "universal2"}))


@given(products, versions, st.data())
def test_every_alias_is_found_in_every_case_and_order(product, version, data):
    system, machine, separator = (data.draw(each) for each in (systems, machines, separators))
    # widget.1.0.386 has a version with three numbers.
    assume(separator != "." or machine != "386")
    words = data.draw(st.permutations([system, machine]))
    recased = [word.upper() if data.draw(st.booleans()) else word for word in words]
    told = describe(separator.join([product, version, *recased]) + ".tar.gz")

    assert told.platform == Platform(SYSTEMS[system], MACHINES[machine])
    assert told.asset_class is AssetClass.ARCHIVE
    assert told.version == version


@given(systems, machines)
def test_the_normal_form_is_its_own_normal_form(system, machine):
    platform = platform_of(system, machine)

    assert platform_of(platform.os, platform.arch) == platform
    assert parse_platform(str(platform)) == platform


@given(st.text(max_size=300))
def test_any_text_is_described(name):
    told = describe(name)

    assert isinstance(told.asset_class, AssetClass)
    assert describe(name) == told


@given(products, versions, systems, machines)
def test_what_vouches_for_a_file_has_its_platform(product, version, system, machine):
    name = f"{product}_{version}_{system}_{machine}.tar.gz"

    for suffix in (".sha256", ".asc", ".sigstore.json", ".intoto.jsonl", ".spdx.json"):
        vouching = describe(name + suffix)
        assert vouching.platform == describe(name).platform
        assert not vouching.asset_class.distributable


@given(st.lists(st.sampled_from(["a", "b.c", "..", ".", "", "d e"]), min_size=1, max_size=5))
def test_a_name_never_leads_out_of_its_directory(segments):
    refused = bool({"", ".", ".."} & set(segments))

    assert bool(name_fault("/".join(segments))) == refused


@given(st.text(max_size=40))
def test_what_is_accepted_can_be_shown(text):
    if not name_fault(text) or not version_fault(text):
        assert text.isprintable()
        assert text


@pytest.mark.parametrize("length", [255, 256])
def test_a_name_has_at_most_255_characters(length):
    assert bool(name_fault("a" * length)) == (length > 255)
