"""The OpenAPI document: valid, of exactly the routes that there are, and shipped as it is."""

import json
import re
import subprocess
import sys

import aiohttp
import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from probe import __version__
from probe.web.openapi.document import document
from probe.web.routes import Pages, described, routes_of
from tests.contracts.source import ROOT

WHOLE = document(described(Pages.ALL), __version__)
FOR_PROGRAMS = re.compile("/(api/v1|-)/|/(metrics|config|probe)$")
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in WHOLE["paths"].items()
    for method, operation in methods.items()
}

every_operation = pytest.mark.parametrize("at", OPERATIONS)


def test_the_document_is_valid():
    assert list(OpenAPIV31SpecValidator(WHOLE).iter_errors()) == []


@pytest.mark.parametrize("pages", Pages)
def test_each_route_for_programs_is_described_and_nothing_else(world, pages):
    app = web.Application()
    app.add_routes(routes_of(world.site(), pages, ""))
    routed = {
        (each.resource.canonical, each.method.lower())
        for each in app.router.routes()
        if each.resource is not None
        and FOR_PROGRAMS.match(each.resource.canonical)
        # Where there is GET there is HEAD, by HTTP itself.
        and each.method != "HEAD"
    }
    told = {
        (path, method)
        for path, methods in document(described(pages), "1.2.3")["paths"].items()
        for method in methods
    }
    assert told == routed


def test_the_shipped_document_is_the_one_that_is_generated():
    command = [sys.executable, "-m", "probe.web.openapi"]
    generated = subprocess.run(command, capture_output=True, text=True, check=True)
    assert generated.stderr == ""
    assert (ROOT / "docs/openapi.json").read_text() == generated.stdout
    assert json.loads(generated.stdout) == WHOLE


def test_no_two_operations_have_one_name():
    names = [each["operationId"] for each in OPERATIONS.values()]
    assert len(set(names)) == len(names)


@every_operation
def test_what_keeps_a_caller_out_is_said_of_each_operation(at):
    assert OPERATIONS[at]["responses"].keys() >= {"200", "401", "403", "429", "503"}


@every_operation
def test_a_token_is_asked_for_where_something_is_written(at):
    writes = at.startswith("POST /api/")
    security = [{"token": []}] if writes else [{}, {"password": []}]
    assert OPERATIONS[at]["security"] == security


@every_operation
def test_only_what_writes_takes_a_body(at):
    assert ("requestBody" in OPERATIONS[at]) == at.startswith("POST /api/")


def test_a_filter_says_which_words_there_are():
    by_name = {each["name"]: each for each in OPERATIONS["GET /api/v1/observations"]["parameters"]}
    assert by_name["verdict"]["schema"]["enum"] == ["passed", "failed", "inconclusive"]
    assert by_name["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "default": 100,
    }


@pytest.mark.parametrize(
    ("prefix", "base", "server"), [("", "", "/"), ("/x", "/x", "/x"), ("", "/proxied", "/proxied")]
)
async def test_it_is_served_with_the_address_under_which_users_find_it(start, prefix, base, server):
    serving = await start(prefix=prefix, base=base)
    async with (
        aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session,
        session.get(f"{prefix}/api/v1/openapi.json") as answer,
    ):
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        served = await answer.json()
    assert served["servers"] == [{"url": server}]
    assert served["info"]["version"] == "1.2.3"
    assert served["paths"].keys() == WHOLE["paths"].keys()


async def test_an_entrance_describes_only_what_is_there(start):
    others, scraped = await start(pages=Pages.OTHERS), await start(pages=Pages.SCRAPED)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{others.port}/api/v1/openapi.json") as answer:
            served = (await answer.json())["paths"]
        async with session.get(f"http://127.0.0.1:{scraped.port}/api/v1/openapi.json") as answer:
            assert answer.status == 404
    assert WHOLE["paths"].keys() - served.keys() == {"/metrics"}
