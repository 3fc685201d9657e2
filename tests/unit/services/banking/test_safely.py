"""XML from outside: what is hostile or broken is refused whole, in a sentence that quotes nothing of it."""

from __future__ import annotations

import pytest

from services.banking.safely import DEEPEST, MOST_BYTES, MOST_ELEMENTS, Unreadable, parse

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><Document>&lol3;</Document>"""


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        b'<!DOCTYPE D [<!ENTITY x SYSTEM "file:///etc/passwd">]><D>&x;</D>',
        b'<!DOCTYPE D SYSTEM "http://127.0.0.1:1/x.dtd"><D/>',
        b'<!DOCTYPE D PUBLIC "-//x//y" "http://127.0.0.1:1/x.dtd"><D/>',
        b'<!DOCTYPE D [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]><D/>',
        b"<!DOCTYPE D><D/>",
        '<!DOCTYPE D [<!ENTITY x "y">]><D>&x;</D>'.encode("utf-16"),
    ],
)
def test_a_document_type_or_an_entity_is_refused_before_anything_is_expanded(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(content)
    assert refused.value.reason == "hostile"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"no xml",
        b"<a>",
        b"<a></b>",
        b"<a>&undefined;</a>",
        b"<a/><b/>",
        b"\xff\xfe\x00",
        b"<a>\x00</a>",
        b'<?xml version="1.0" encoding="x-unknown"?><a/>',
        b"<a>BE71096123456769",
    ],
)  # fmt: skip -- a table
def test_what_is_not_well_formed_is_refused_without_a_word_of_it(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(content)
    assert refused.value.reason == "not-xml"
    assert "BE71" not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1),
        b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>",
        b" " * (MOST_BYTES + 1),
    ],
    ids=["deep", "wide", "long"],
)
def test_what_no_bank_sends_is_not_read_to_its_end(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(content)
    assert refused.value.reason == "too-big"


def test_an_include_is_only_an_element() -> None:
    parsed = parse(b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></a>')

    assert [one.tag for one in parsed.iter()] == ["a", "{http://www.w3.org/2001/XInclude}include"]


def test_plain_xml_is_read_with_its_namespace_text_and_attributes() -> None:
    parsed = parse('<?xml version="1.0" encoding="ISO-8859-1"?><a xmlns="urn:x" b="1"><c>é</c></a>'.encode("latin-1"))

    assert (parsed.tag, parsed.get("b")) == ("{urn:x}a", "1")
    assert [one.text for one in parsed] == ["é"]
