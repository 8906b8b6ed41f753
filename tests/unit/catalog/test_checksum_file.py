"""Every form of checksum file that tools write."""

import hashlib
import tracemalloc

import pytest

from probe.catalog.checksum_file import MAX_LINES, ChecksumEntry, ChecksumFile, parse_checksums
from probe.domain.artifact import Digest, DigestAlgorithm

SHA256 = hashlib.sha256(b"widget").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
SHA384 = hashlib.sha384(b"widget").hexdigest()
SHA512 = hashlib.sha512(b"widget").hexdigest()
MD5 = "0" * 32
SHA1 = "1" * 40


def parse(text: str, file_name: str = "checksums.txt") -> ChecksumFile:
    return parse_checksums(text.encode(), file_name)


def only_entry(text: str, file_name: str = "checksums.txt") -> ChecksumEntry:
    parsed = parse(text, file_name)
    assert parsed.faults == ()
    (entry,) = parsed.entries
    return entry


@pytest.mark.parametrize(
    "line",
    [
        f"{SHA256}  a.tar.gz",
        f"{SHA256} *a.tar.gz",
        f"{SHA256} a.tar.gz",
        f"{SHA256}\ta.tar.gz",
        f"{SHA256}\t*a.tar.gz",
        f"{SHA256}      a.tar.gz",
        f"{SHA256}  ./a.tar.gz",
        f"{SHA256}  .\\a.tar.gz",
        f"{SHA256.upper()}  a.tar.gz",
        f"  {SHA256}  a.tar.gz  ",
        f"SHA256 (a.tar.gz) = {SHA256}",
        f"SHA2-256 (a.tar.gz) = {SHA256}",
        f"SHA256(a.tar.gz)= {SHA256}",
        f"SHA2-256(a.tar.gz)= {SHA256}",
        f"sha256:{SHA256}  a.tar.gz",
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_line_of_any_tool_gives_name_and_digest(line, end):
    assert only_entry(line + end) == ChecksumEntry("a.tar.gz", "sha256", SHA256)


@pytest.mark.parametrize(
    ("digits", "algorithm", "digest"),
    [
        (MD5, "md5", None),
        (SHA1, "sha1", None),
        (SHA256, "sha256", Digest(DigestAlgorithm.SHA256, SHA256)),
        (SHA384, "sha384", Digest(DigestAlgorithm.SHA384, SHA384)),
        (SHA512, "sha512", Digest(DigestAlgorithm.SHA512, SHA512)),
    ],
)
def test_the_length_tells_the_algorithm(digits, algorithm, digest):
    entry = only_entry(f"{digits}  a.zip")

    assert (entry.algorithm, entry.digest) == (algorithm, digest)


@pytest.mark.parametrize(
    ("file_name", "digits", "algorithm"),
    [
        ("b2sums.txt", SHA512, "b2"),
        ("a.zip.b3", SHA256, "b3"),
        ("checksums.blake3", SHA256, "blake3"),
        ("a.zip.sha3-256", SHA256, "sha3256"),
        ("SHASUMS256.txt", SHA256, "sha256"),
        ("widget-SHA-256.txt", SHA256, "sha256"),
        ("sha256.sum", SHA256, "sha256"),
        ("b3sum_1.0_checksums.txt", SHA256, "sha256"),
        ("SHA256SUMS", SHA512, "sha512"),
    ],
)
def test_the_name_of_the_file_is_asked_before_the_length(file_name, digits, algorithm):
    assert only_entry(f"{digits}  a.zip", file_name).algorithm == algorithm


@pytest.mark.parametrize(
    ("file_name", "text"),
    [
        ("a.zip.sha256", SHA256),
        ("a.zip.sha256", f"{SHA256}\n"),
        ("a.zip.sha256sum", f"sha256:{SHA256}"),
        ("a.zip.sha256.txt", f"{SHA256}  -"),
        ("a.zip.sha256", f"SHA2-256(stdin)= {SHA256}"),
        ("a.zip.sha256", f"# made by hand\n\n{SHA256}\n{SHA256}\n"),
        ("dl/1.0/a.zip.sha256", SHA256),
    ],
)
def test_a_bare_digest_belongs_to_the_file_it_is_named_after(file_name, text):
    assert only_entry(text, file_name) == ChecksumEntry("a.zip", "sha256", SHA256)


def test_a_bare_digest_among_names_belongs_to_nobody():
    parsed = parse(f"{SHA256}  a.zip\n{OTHER}\n", "a.zip.sha256")

    assert parsed.faults == ("line 2: a digest without a name",)


def test_a_bare_digest_in_a_file_about_all_belongs_to_nobody():
    assert parse(SHA256, "SHA256SUMS").faults == ("line 1: a digest without a name",)


@pytest.mark.parametrize(
    ("written", "name"),
    [("back\\\\slash", "back\\slash"), ("new\\nline", "new\nline"), ("a\\\\nb", "a\\nb")],
)
def test_escaped_names_are_unescaped(written, name):
    assert only_entry(f"\\{SHA256}  {written}").name == name
    assert only_entry(f"\\SHA256 ({written}) = {SHA256}").name == name


def test_names_may_hold_spaces_and_parentheses():
    assert only_entry(f"{SHA256}  My App (x64).exe").name == "My App (x64).exe"
    assert only_entry(f"SHA256 (My App (x64).exe) = {SHA256}").name == "My App (x64).exe"


def test_directories_stay_in_the_name_and_leave_the_base_name():
    entry = only_entry(f"{SHA256}  ./dist/linux/a.zip")

    assert (entry.name, entry.base_name) == ("dist/linux/a.zip", "a.zip")


def test_comments_and_blank_lines_say_nothing():
    assert only_entry(f"# sha256\n\n{SHA256}  a.zip\n\n").name == "a.zip"


def test_the_same_digest_twice_is_one_entry():
    assert only_entry(f"{SHA256}  a.zip\nSHA256 (a.zip) = {SHA256.upper()}\n").name == "a.zip"


def test_two_digests_for_one_name_are_a_fault():
    parsed = parse(f"{SHA256}  a.zip\n{OTHER}  ./a.zip\n")

    assert parsed.faults == ("line 2: a second, different sha256 digest for a.zip",)
    assert parsed.entries == (ChecksumEntry("a.zip", "sha256", SHA256),)


def test_two_algorithms_for_one_name_are_two_entries():
    parsed = parse(f"{SHA256}  a.zip\n{SHA512}  a.zip\n{MD5}  a.zip\n")

    assert [entry.algorithm for entry in parsed.entries] == ["sha256", "sha512", "md5"]
    assert parsed.faults == ()


def test_a_clear_signed_file_is_unwrapped_and_its_dashes_unescaped():
    parsed = parse(
        "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"
        f"{SHA256}  a.zip\r\n- -----BEGIN b\r\n{OTHER}  b.zip\r\n"
        "-----BEGIN PGP SIGNATURE-----\r\n\r\niQIz\r\n=abcd\r\n-----END PGP SIGNATURE-----\r\n"
    )

    assert [entry.name for entry in parsed.entries] == ["a.zip", "b.zip"]
    assert parsed.faults == ("line 5: not a line of a checksum file: -----BEGIN b",)
    assert parsed.signed


def test_text_outside_of_what_is_signed_is_a_fault():
    wrapped = (
        f"{OTHER}  evil.zip\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        f"{SHA256}  a.zip\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"
        f"{OTHER}  late.zip\n"
    )
    parsed = parse(wrapped)

    assert [entry.name for entry in parsed.entries] == ["a.zip"]
    assert parsed.faults == (
        "line 1: text outside of what is signed",
        "line 10: text outside of what is signed",
    )


def test_signed_text_without_its_signature_is_cut_off():
    parsed = parse(f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{SHA256}  a.zip")

    assert parsed.faults == ("line 4: the signed text is cut off",)


def test_a_signify_header_is_taken_off():
    parsed = parse(
        f"untrusted comment: verify with openbsd-76-base.pub\nRWRaaGVsbG8=\nSHA256 (a) = {SHA256}\n"
    )

    assert parsed.entries == (ChecksumEntry("a", "sha256", SHA256),)
    assert parsed.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(encoding):
    parsed = parse_checksums(f"{SHA256}  ä.zip\r\n".encode(encoding), "SHA256SUMS")

    assert parsed.entries == (ChecksumEntry("ä.zip", "sha256", SHA256),)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("<!DOCTYPE html>", "not a line of a checksum file: <!DOCTYPE html>"),
        (f"{SHA256[:-1]}  a.zip", "63 hexadecimal digits are no known digest"),
        (f"SHA512 (a.zip) = {SHA256}", "64 hexadecimal digits are no sha512 digest"),
        (f"md5:{SHA256}  a.zip", "64 hexadecimal digits are no md5 digest"),
        (f"a.zip  {SHA256}", "not a line of a checksum file"),
    ],
)
def test_what_is_not_understood_is_a_fault(line, fault):
    parsed = parse(f"{OTHER}  good.zip\n{line}\n")

    assert parsed.faults[0].startswith(f"line 2: {fault}")
    assert [entry.name for entry in parsed.entries] == ["good.zip"]


def test_faults_are_counted_and_ten_are_told():
    parsed = parse("nonsense\n" * 40)

    assert (len(parsed.faults), parsed.fault_count) == (10, 40)


def test_a_terminal_can_obey_nothing_in_a_fault():
    assert parse("\x1b[31mred").faults == ("line 1: not a line of a checksum file: [31mred",)


def test_an_endless_line_is_a_fault():
    assert parse("a" * 9000).faults == ("line 1: the file or the line is too long",)


def test_a_file_of_nothing_but_line_ends_costs_no_more_memory_than_its_text():
    body = b"\n" * (64 * MAX_LINES)
    tracemalloc.start()
    assert parse_checksums(body) == ChecksumFile(())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * len(body)
