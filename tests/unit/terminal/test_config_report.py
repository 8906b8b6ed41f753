import io

from probe.domain.target import Region
from probe.terminal.config_report import print_accepted
from probe.terminal.console import console_for
from probe.terminal.faults import print_faults
from tests.builders import a_product, an_endpoint


def test_each_fault_is_one_clean_line():
    stream = io.StringIO()
    print_faults(stream, ["a.yaml:3: bad [key]", "a.yaml:9:\x1b[2J worse\nstill"])
    assert stream.getvalue() == "a.yaml:3: bad [key]\na.yaml:9:[2J worse still\n"


def test_a_sound_configuration_is_summed_up():
    stream = io.StringIO()
    product = a_product(an_endpoint("origin"), an_endpoint("cdn"))
    print_accepted(console_for(stream), [product], [Region("eu-west-1")])
    assert stream.getvalue() == (
        "ok: 1 product, 2 endpoints, 1 region\nwidget (stable, release-team): origin, cdn\n"
    )


def test_advice_is_told_of_and_shown_where_it_is_asked_for():
    stream = io.StringIO()
    print_accepted(console_for(stream), [a_product()], [Region("eu-west-1")], 2)
    assert stream.getvalue().splitlines()[-1] == "2 pieces of advice; --strict shows it"
