"""Secrets, which are configured by reference and read only when they are used."""

import os
import re
import stat
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, model_validator

from probe.ports import SecretUnavailable

MAX_SECRET_BYTES = 64 * 1024

_HOW_TO_REFER = "a secret is given by reference only: {env: NAME} or {file: PATH}"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_VISIBLE = re.compile(r"[^\x20-\x7e]")


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError("must be the name of an environment variable, as in TOKEN")
    return name


def _path(path: str, info: ValidationInfo) -> str:
    if not path or "\0" in path:
        raise ValueError("must be the path of a file")
    return str(Path(str((info.context or {}).get("directory", ""))) / path)


# Relative to the configuration file, by way of the validation context {"directory": …}.
FilePath = Annotated[str, AfterValidator(_path)]


class SecretRef(BaseModel):
    """
    Where a secret is found: an environment variable, or a file.

    A relative path is relative to the configuration file, by way of the validation context
    ``{"directory": …}``.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={"minProperties": 1, "maxProperties": 1},
    )

    env: Annotated[str, AfterValidator(_variable)] = ""
    file: FilePath = ""

    @model_validator(mode="before")
    @classmethod
    def _is_a_reference(cls, given: object) -> object:
        # Whatever else stands here may be the secret itself, so it must not reach a message.
        if isinstance(given, SecretRef):
            return given
        if not isinstance(given, dict) or set(given) not in ({"env"}, {"file"}):
            raise ValueError(_HOW_TO_REFER)
        return given

    def read(self) -> str:
        """
        Return the secret as it is now, without one trailing newline.

        Raises:
            SecretUnavailable: it is missing, empty, over 64 KiB, not UTF-8, or no regular file.
        """
        value = _read_variable(self.env) if self.env else _read_file(self.file)
        value = value.removesuffix("\n").removesuffix("\r")
        if not value:
            raise SecretUnavailable(f"{self} is empty")
        return value

    def read_visible(self) -> str:
        """
        Return the secret, which must be fit for a header: printable ASCII on one line.

        Raises:
            SecretUnavailable: as for ``read``, or a character that no header may hold.
        """
        value = self.read()
        if _NOT_VISIBLE.search(value):
            raise SecretUnavailable(f"{self} holds characters that a header cannot carry")
        return value

    def __str__(self) -> str:
        return f"environment variable {self.env}" if self.env else f"secret file {self.file}"


def _read_variable(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise SecretUnavailable(f"environment variable {name} is not set")
    return _text(os.fsencode(value), f"environment variable {name}")


def _read_file(path: str) -> str:
    name = f"secret file {path}"
    # A pipe or a device in place of the file would block the caller, which is the event loop.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise SecretUnavailable(f"{name}: {error.strerror}") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SecretUnavailable(f"{name} is not a regular file")
        return _text(os.read(descriptor, MAX_SECRET_BYTES + 1), name)
    except OSError as error:
        raise SecretUnavailable(f"{name}: {error.strerror}") from None
    finally:
        os.close(descriptor)


def _text(raw: bytes, name: str) -> str:
    if len(raw) > MAX_SECRET_BYTES:
        raise SecretUnavailable(f"{name} is longer than {MAX_SECRET_BYTES} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretUnavailable(f"{name} is not UTF-8") from None
