import base64
import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import zipfile

import pytest

import probe
from probe.demo.release import (
    BEFORE,
    CHECKSUMS,
    LATEST,
    OLDEST,
    SAMPLES_BYTES,
    PackedRelease,
    artifact_names,
    manifest,
    pack,
    samples_name,
    sdist_name,
    wheel_name,
)
from probe.domain.artifact import AssetClass
from probe.domain.content import has_wrong_magic
from tests.builders import NOON, a_release, sha256


@pytest.fixture(scope="module")
def packed() -> PackedRelease:
    return pack(LATEST, NOON)


@pytest.fixture
def wheel(packed):
    with zipfile.ZipFile(io.BytesIO(packed.bodies[wheel_name(LATEST)])) as archive:
        yield archive


def test_a_release_holds_what_its_names_promise(packed):
    assert tuple(packed.bodies) == artifact_names(LATEST)
    assert tuple(artifact.name for artifact in packed.release.artifacts) == artifact_names(LATEST)


def test_the_oldest_release_has_no_large_file():
    assert set(artifact_names(OLDEST)) == {
        name.replace(LATEST, OLDEST) for name in artifact_names(LATEST)
    } - {samples_name(OLDEST)}


def test_sizes_and_digests_are_those_of_the_bytes(packed):
    for artifact in packed.release.artifacts:
        body = packed.bodies[artifact.name]
        assert (artifact.size_bytes, artifact.digests) == (len(body), (sha256(body),))


def test_bodies_begin_as_files_of_their_name_do(packed):
    assert [name for name, body in packed.bodies.items() if has_wrong_magic(name, body)] == []


def test_packing_again_gives_the_same_bytes(packed):
    assert pack(LATEST, NOON) == packed


def test_no_two_releases_have_the_same_bytes(packed):
    before = pack(BEFORE, NOON)
    assert not set(before.bodies.values()) & set(packed.bodies.values())


def test_the_large_file_does_not_compress(packed):
    body = packed.bodies[samples_name(LATEST)]
    assert len(body) == SAMPLES_BYTES
    assert len(gzip.compress(body[:100_000])) > 100_000


def test_the_checksum_file_covers_every_other_file(packed):
    lines = packed.bodies[CHECKSUMS].decode().splitlines()
    assert dict(reversed(line.split("  ")) for line in lines) == {
        name: hashlib.sha256(body).hexdigest()
        for name, body in packed.bodies.items()
        if name != CHECKSUMS
    }


def test_a_wheel_holds_the_package_under_its_own_version(wheel):
    assert wheel.testzip() is None
    assert f'__version__ = "{LATEST}"'.encode() in wheel.read("probe/__init__.py")
    assert b"Version: 1.2.0\n" in wheel.read("delivery_probe-1.2.0.dist-info/METADATA")


def test_a_wheel_records_every_file_with_its_digest_and_size(wheel):
    record_path = f"delivery_probe-{LATEST}.dist-info/RECORD"
    rows = list(csv.reader(io.StringIO(wheel.read(record_path).decode())))
    assert [row[0] for row in rows] == wheel.namelist()
    for path, digest, size in rows[:-1]:
        body = wheel.read(path)
        expected = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")
        assert (digest, size) == (f"sha256={expected}", str(len(body)))
    assert rows[-1] == [record_path, "", ""]


def test_an_sdist_has_its_metadata_and_what_builds_it(packed):
    body = packed.bodies[sdist_name(LATEST)]
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        names = archive.getnames()
        info = archive.extractfile(f"delivery_probe-{LATEST}/PKG-INFO").read()
    assert f"delivery_probe-{LATEST}/pyproject.toml" in names
    assert f"delivery_probe-{LATEST}/probe/domain/judge.py" in names
    assert info.startswith(b"Metadata-Version: 2.1\nName: delivery-probe\nVersion: 1.2.0\n")


def test_only_the_start_script_of_an_archive_is_executable(packed):
    body = packed.bodies[f"delivery-probe_{LATEST}_linux_amd64.tar.gz"]
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        executable = [entry.name for entry in archive if entry.mode & 0o111]
    assert executable == [f"delivery-probe_{LATEST}_linux_amd64/delivery-probe"]


def test_the_unpacked_archive_runs_and_says_its_version(packed, tmp_path):
    body = packed.bodies[f"delivery-probe_{LATEST}_linux_amd64.tar.gz"]
    (tmp_path / "archive").write_bytes(body)
    subprocess.run(["tar", "xzf", "archive"], cwd=tmp_path, check=True)
    library = tmp_path / f"delivery-probe_{LATEST}_linux_amd64" / "lib"
    said = subprocess.run(
        [sys.executable, "-c", "import probe; print(probe.__version__, probe.__file__)"],
        env={"PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [LATEST, str(library / "probe/__init__.py")]
    assert probe.__version__ != LATEST


def test_pip_installs_the_wheel(packed, tmp_path):
    wheel = tmp_path / wheel_name(LATEST)
    wheel.write_bytes(packed.bodies[wheel.name])
    options = ["--no-index", "--no-deps", "--no-compile", "--quiet", "--target", tmp_path / "to"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, wheel], check=True)
    installed = (tmp_path / "to/probe/__init__.py").read_text()
    assert f'__version__ = "{LATEST}"' in installed
    assert (tmp_path / "to/bin/delivery-probe").is_file()


def test_the_manifest_lists_releases_newest_first_and_points_to_the_newest():
    older = a_release("1.4.1", published_at=NOON.replace(day=1))
    listed = json.loads(manifest([older, a_release("1.4.2")]))
    assert listed["schema"] == "delivery-manifest/v1"
    assert [each["version"] for each in listed["releases"]] == ["1.4.2", "1.4.1"]
    assert [each["pointers"] for each in listed["releases"]] == [
        [{"name": "latest.txt", "must_equal": "1.4.2"}],
        [],
    ]


def test_an_asset_of_the_manifest_has_every_field(packed):
    [entry] = json.loads(manifest([packed.release]))["releases"]
    wheel = packed.release.artifacts[0]
    assert entry["assets"][0] == {
        "name": wheel_name(LATEST),
        "class": AssetClass.PACKAGE.value,
        "platform": {"os": "any", "arch": "any"},
        "size": wheel.size_bytes,
        "hashes": {"sha256": wheel.digests[0].hex},
    }
