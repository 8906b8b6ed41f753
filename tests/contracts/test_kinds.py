"""A folder of kinds and its union are two views of one list."""

import importlib
import pkgutil
from types import ModuleType
from typing import get_args

import pytest
from pydantic import BaseModel

import probe.auth
import probe.catalog
from probe.auth import AuthOptions
from probe.catalog import SourceOptions

KINDS = {"auth": (probe.auth, AuthOptions), "catalog": (probe.catalog, SourceOptions)}


def kinds_in_folder(package: ModuleType) -> dict[str, type[BaseModel]]:
    return {
        module.name: value
        for module in pkgutil.iter_modules(package.__path__)
        for value in options_of(importlib.import_module(f"{package.__name__}.{module.name}"))
    }


def options_of(module: ModuleType) -> list[type[BaseModel]]:
    classes = [value for value in vars(module).values() if isinstance(value, type)]
    return [
        value
        for value in classes
        if value.__module__ == module.__name__
        and issubclass(value, BaseModel)
        and "kind" in value.model_fields
    ]


def kinds_in_union(union: object) -> dict[str, type[BaseModel]]:
    members = get_args(get_args(union)[0])
    return {kind_of(member): member for member in members}


def kind_of(options: type[BaseModel]) -> str:
    [kind] = get_args(options.model_fields["kind"].annotation)
    return kind


@pytest.mark.parametrize(("package", "union"), KINDS.values(), ids=KINDS)
class TestKinds:
    def test_every_file_of_a_kind_is_in_the_union_under_its_own_name(
        self, package: ModuleType, union: object
    ):
        assert kinds_in_folder(package) == kinds_in_union(union)

    def test_every_kind_is_frozen_and_refuses_unknown_keys(
        self, package: ModuleType, union: object
    ):
        for options in kinds_in_union(union).values():
            assert options.model_config.get("frozen") is True, options
            assert options.model_config.get("extra") == "forbid", options
