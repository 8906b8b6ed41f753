"""What holds for every checksum file."""

import string

from hypothesis import given
from hypothesis import strategies as st

from probe.catalog.checksum_digests import digests_by_name
from probe.catalog.checksum_file import MAX_FAULTS, ChecksumEntry, parse_checksums
from probe.ports import CatalogError

LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
TAGS = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA2-256", "sha384": "SHA384", "sha512": "SHA512"}

algorithms = st.sampled_from(sorted(LENGTHS))
# What file systems and GNU's escaping allow, without what a line cannot show: space at the ends,
# a leading star, slash or ./, or a name that stands for standard input.
names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=40
).filter(
    lambda name: (
        name == name.strip()
        and not name.startswith(("*", "/", "./", ".\\"))
        and name not in {"-", "stdin", "(stdin)"}
    )
)


@st.composite
def entries(draw):
    algorithm = draw(algorithms)
    digits = draw(st.text("0123456789abcdef", min_size=1, max_size=16))
    length = LENGTHS[algorithm]
    return ChecksumEntry(draw(names), algorithm, (digits * length)[:length])


sums = st.lists(entries(), max_size=8, unique_by=lambda entry: (entry.name, entry.algorithm))


def escaped(name: str) -> tuple[str, str]:
    if "\\" not in name and "\n" not in name:
        return "", name
    return "\\", name.replace("\\", "\\\\").replace("\n", "\\n")


def gnu(entry: ChecksumEntry, mark: str) -> str:
    escape, name = escaped(entry.name)
    return f"{escape}{entry.hex} {mark}{name}"


def tagged(entry: ChecksumEntry, form: str) -> str:
    escape, name = escaped(entry.name)
    return escape + form.format(tag=TAGS[entry.algorithm], name=name, hex=entry.hex)


def prefixed(entry: ChecksumEntry) -> str:
    escape, name = escaped(entry.name)
    return f"{escape}{entry.algorithm}:{entry.hex}\t{name}"


FORMS = [
    lambda entry: gnu(entry, " "),
    lambda entry: gnu(entry, "*"),
    lambda entry: gnu(ChecksumEntry(f"./{entry.name}", entry.algorithm, entry.hex), " "),
    lambda entry: tagged(entry, "{tag} ({name}) = {hex}"),
    lambda entry: tagged(entry, "{tag}({name})= {hex}"),
    prefixed,
]
forms = st.sampled_from(FORMS)
ends = st.sampled_from(["\n", "\r\n"])


@given(sums, st.data(), ends)
def test_what_was_written_is_read_whatever_the_form(listed, data, end):
    text = "".join(data.draw(forms)(entry) + end for entry in listed)

    parsed = parse_checksums(text.encode(), "checksums.txt")

    assert (parsed.entries, parsed.faults) == (tuple(listed), ())


@given(sums, st.data())
def test_the_order_of_lines_does_not_matter(listed, data):
    shuffled = data.draw(st.permutations(listed))

    first, second = (
        parse_checksums("\n".join(gnu(entry, " ") for entry in order).encode(), "SUMS")
        for order in (listed, shuffled)
    )

    assert set(first.entries) == set(second.entries)
    assert first.fault_count == second.fault_count == 0


@given(sums)
def test_a_clear_signed_file_says_what_is_in_it(listed):
    text = "\n".join(gnu(entry, " ") for entry in listed)
    wrapped = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{text}\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n"
    )

    parsed = parse_checksums(wrapped.encode(), "SUMS.asc")

    assert (parsed.entries, parsed.faults, parsed.signed) == (tuple(listed), (), True)


@given(st.binary(max_size=400), st.text(max_size=30))
def test_bytes_of_any_kind_never_raise(body, name):
    parsed = parse_checksums(body, name)

    assert len(parsed.faults) <= MAX_FAULTS
    assert parsed.fault_count >= len(parsed.faults)


lines = st.text(string.hexdigits + " *\\()=:.-/#\t\nSHAsha256", max_size=200)


@given(lines, lines)
def test_text_that_is_nearly_right_gives_digests_or_the_declared_error(text, more):
    parsed = parse_checksums((text + "a" * 64 + "  name\n" + more).encode(), "SHA256SUMS")
    try:
        found = digests_by_name(parsed)
    except CatalogError:
        return
    assert all(
        digest.hex.islower() or digest.hex.isdigit() for each in found.values() for digest in each
    )


@given(entries(), entries())
def test_two_digests_for_one_name_are_never_the_last_that_wins(one, other):
    twin = ChecksumEntry(one.name, other.algorithm, other.hex)
    parsed = parse_checksums(f"{gnu(one, ' ')}\n{gnu(twin, ' ')}\n".encode(), "checksums.txt")

    contradiction = one.algorithm == twin.algorithm and one.hex != twin.hex
    assert parsed.contradicted == ((one.name,) if contradiction else ())
    assert parsed.entries[0] == one
