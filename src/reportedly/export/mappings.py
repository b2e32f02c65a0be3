"""The reference of the mappings as Markdown, made from the ontology.

`python -m reportedly.export.mappings` prints it; docs/reference/mappings.md is that print, and a test holds the two
equal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from reportedly.ontology import CodeBook, Ontology, load_ontology

HEAD = """\
# How kinds are said in other code books

This page is made from the ontology file (`make docs`). [How to change it](../how-to/ontology.md).

For an event of a kind the first row that fits counts: the one whose conditions all hold. "Not said" means that the code
book has no place for it; such an incident is left out of the file, and counted in its `LOSS.md`.
"""


def reference(ontology: Ontology | None = None) -> str:
    """The whole page."""
    ontology = ontology or load_ontology()
    return "\n".join([HEAD, *_conditions(ontology), *_parties(ontology), *_books(ontology)]) + "\n"


def _conditions(ontology: Ontology) -> Iterator[str]:
    yield from ("## Conditions", "", "| condition | holds where |", "| --- | --- |")
    yield from (f"| {name} | {text} |" for name, text in ontology.conditions.items())
    for name, words in ontology.words.items():
        yield f"| says {name} | a word of the trigger or a weapon begins with {', '.join(words)} |"
    mutual = ", ".join(f"`{kind}`" for kind in ontology.mutual)
    yield from ("", f"Of {mutual} the agents stand on both sides; of other kinds they act together.", "")


def _parties(ontology: Ontology) -> Iterator[str]:
    books = list(dict.fromkeys(book for p in ontology.parties for book, _ in p.codes))
    yield from ("## Parties", "", "Tried from the top, after the kind that the authority of actors gives.", "")
    yield f"| class | what | armed | {' | '.join(books)} |"
    yield f"| --- | --- | --- |{' --- |' * len(books)}"
    for party in ontology.parties:
        codes = " | ".join(party.code(book) for book in books)
        yield f"| {party.name} | {party.about} | {'yes' if party.armed else 'no'} | {codes} |"
    yield ""


def _books(ontology: Ontology) -> Iterator[str]:
    for book in ontology.mappings.values():
        yield from (f"## {book.name}", "", f"{book.about}.", "")
        yield f"| kind | where | {' | '.join(name.replace('_', ' ') for name in book.codes)} |"
        yield f"| --- | --- |{' --- |' * len(book.codes)}"
        for kind in ontology.kinds:
            yield from _rows(book, kind)
        yield ""


def _rows(book: CodeBook, kind: str) -> Iterator[str]:
    """The rows that an event of this kind may come to, in the order in which they are tried."""
    named = f"`{kind}`"
    for row in book.rows:
        if kind not in row.kinds:
            continue
        codes = row.codes or (f"not said: {row.unsaid}", *[""] * (len(book.codes) - 1))
        yield f"| {named} | {', '.join(row.when)} | {' | '.join(codes)} |"
        named = ""


if __name__ == "__main__":
    sys.stdout.write(reference())
