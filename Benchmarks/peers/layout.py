"""Pages of plain sentences and tables, and files of several pages that scripts write in turn."""

import re
import textwrap


def page(blocks):
    """Paragraphs, lists, headings and tables with a line between."""
    return "\n\n".join(_wrapped(block) for block in blocks) + "\n"


def _wrapped(block):
    """Prose and lists at 120 columns; tables and headings as they are."""
    if block[0] in "|#":
        return block

    def fill(line):
        indent = "  " if line.startswith("- ") else ""
        return textwrap.fill(line, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

    return "\n".join(fill(line) for line in block.split("\n"))


def table(*rows):
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *rest])


def seconds(x):
    """Three digits and a unit."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if x >= size:
            return f"{x / size:.3g} {unit}" if x / size < 1000 else f"{x / size:,.0f} {unit}"
    return f"{x / 1e-9:.3g} ns"


def put(path, text):
    """Puts a page into a file in place of the one of the same first heading, or behind those that are there."""
    there = re.split(r"^(?=# )", path.read_text(), flags=re.MULTILINE) if path.exists() else []
    pages = [each.rstrip("\n") for each in there if each.strip()]
    heading = text.split("\n", 1)[0]
    places = [place for place, each in enumerate(pages) if each.split("\n", 1)[0] == heading]
    if places:
        pages[places[0]] = text.rstrip("\n")
    else:
        pages.append(text.rstrip("\n"))
    path.write_text("\n\n".join(pages) + "\n")
