"""What holds of every URL, every redirect and every text from outside."""

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.cache import cache_of, edge_of
from probe.domain.content import is_html, page_title
from probe.domain.failure import Failure
from probe.domain.link import Link, visible, without_dot_segments
from probe.domain.redirect import follow
from probe.domain.text import clean

hosts = st.from_regex(r"[a-z][a-z0-9-]{0,8}(\.[a-z]{2,4})?", fullmatch=True)
rests = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#?"))
urls = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}/{path}{query}",
    st.sampled_from(["http", "https"]),
    hosts,
    rests,
    st.just("") | rests.map("?{}".format),
)
references = st.text() | urls | st.text(st.sampled_from("/.?#:@ab%2F"))


@given(urls)
def test_a_url_in_its_plain_form_is_asked_for_byte_for_byte(url):
    assert str(Link.parse(url)) == url


@given(urls, references)
def test_a_reference_leads_to_a_link_or_nowhere(url, reference):
    base = Link.parse(url)
    try:
        goal = base.join(reference)
    except ValueError:
        return
    assert goal.scheme in ("http", "https")
    assert goal.host
    assert goal.path.startswith("/")
    assert Link.parse(str(goal)) == goal
    assert str(goal).isascii()


@given(urls, urls)
def test_an_absolute_location_is_taken_as_it_stands(url, location):
    assert str(Link.parse(url).join(location)) == location


@given(st.text())
def test_a_url_has_no_character_that_could_split_a_request(text):
    try:
        encoded = visible(text)
    except ValueError:
        return
    assert encoded.isascii()
    assert not set(encoded) & set(" \r\n\t\0")


@given(st.text(st.sampled_from("/.ab")))
def test_no_dot_segment_is_left(path):
    segments = without_dot_segments("/" + path).split("/")
    assert not {".", ".."} & set(segments)


@given(st.lists(urls, min_size=1, max_size=20), st.integers(0, 5), st.booleans())
def test_a_walk_ends(locations, limit, allow_downgrade):
    visited = [Link.parse("https://dl.example.com/w")]
    for location in locations * 3:
        goal = follow(visited, location, limit=limit, allow_downgrade=allow_downgrade)
        if isinstance(goal, Failure):
            break
        assert allow_downgrade or (visited[-1].scheme, goal.scheme) != ("https", "http")
        visited.append(goal)
    assert len(visited) <= limit + 1
    assert len(set(visited)) == len(visited)


@given(st.text(), st.integers(1, 200))
def test_clean_text_is_bounded_printable_and_stays_so(text, limit):
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert clean(shown, limit) == shown
    assert "  " not in shown


@given(st.dictionaries(st.sampled_from(["cache-status", "x-cache", "cf-ray", "via"]), st.text()))
def test_no_header_confuses_the_reading_of_caches(headers):
    assert cache_of(headers) is not None
    assert len(edge_of(headers)) <= 60


@given(st.binary(max_size=300))
def test_no_bytes_confuse_the_reading_of_pages(sample):
    is_html("widget.bin", "", sample)
    assert page_title(sample).isprintable()
