"""Whatever the marks: the text stays as it is, elements nest, and each code point has the marks that cover it."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.review.marks import Mark, paragraphs
from reportedly.types import Span

TEXTS = st.text(alphabet="ab <&>\"'\n\r\u202e\u05d0\U0001f600e\u0301", min_size=1, max_size=40)


class Read(HTMLParser):
    """The text of some HTML, and for each code point the marks that it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.over: list[frozenset[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "span"
        self.open.append(str(dict(attrs)["data-of"]))

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        self.over += [frozenset(self.open)] * len(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_marks_cover_what_they_cover(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    ends = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(ends, ends), max_size=8))
    marks = [Mark(Span(min(p), max(p)), f"e{n}", "trigger") for n, p in enumerate(pairs) if p[0] != p[1]]
    shown = ""
    for paragraph in paragraphs(text, marks):
        read = Read()
        read.feed(str(paragraph.html))
        read.close()
        assert not read.open
        assert read.text == paragraph.span.of(text)
        for n, over in enumerate(read.over):
            at = paragraph.span.start + n
            assert over == {m.of for m in marks if m.span.start <= at < m.span.end}
        shown += read.text
    lost = [c for c in text if c not in "\r\n"]
    assert len(shown) <= len(lost)
    assert shown.replace(" ", "") == "".join(c for c in lost if not c.isspace())


def test_marks_that_cross_are_split_and_ids_are_escaped() -> None:
    marks = [Mark(Span(0, 4), "s1", "content"), Mark(Span(2, 6), 'e"1<', "trigger", ("low",))]
    (only,) = paragraphs("ab<d&f", marks)
    assert str(only.html) == (
        '<span class="m content" data-of="s1" data-role="content">ab'
        '<span class="m trigger low" data-of="e&#34;1&lt;" data-role="trigger">&lt;d</span></span>'
        '<span class="m trigger low again" data-of="e&#34;1&lt;" data-role="trigger">&amp;f</span>'
    )
