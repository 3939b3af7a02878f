# SPDX-License-Identifier: MIT
"""The pages of docs/rules as HTML: the part of Markdown that they are written in."""

import re

from .markup import append, element
from .source import paint

_INLINE = re.compile(r"`(?P<code>[^`]+)`|\[(?P<words>[^]]+)\]\((?P<link>[^)]+)\)"
                     r"|\*\*(?P<bold>[^*]+)\*\*|\*(?P<slant>[^*\s][^*]*)\*")


def inline(parent, text, link):
    """Adds text with its `code`, links and emphasis; LINK makes an address of a target, or None."""
    end = 0
    for match in _INLINE.finditer(text):
        append(parent, text[end:match.start()])
        end = match.end()
        if match["code"]:
            append(parent, element("code", match["code"]))
        elif match["bold"]:
            append(parent, element("strong", match["bold"]))
        elif match["slant"]:
            append(parent, element("em", match["slant"]))
        else:
            address = link(match["link"])
            made = element("a", href=address) if address else element("span")
            inline(made, match["words"], link)
            append(parent, made)
    append(parent, text[end:])
    return parent


def _table(lines, link):
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = element("tr", *(inline(element("th", scope="col"), cell, link) for cell in rows[0]))
    body = [element("tr", *(inline(element("td"), cell, link) for cell in row))
            for row in rows[2:]]
    return element("table", element("thead", head), element("tbody", *body))


def _items(lines):
    """List items, each with the lines that continue it."""
    items = []
    for line in lines:
        if line.startswith(("- ", "* ")):
            items.append(line[2:])
        else:
            items[-1] += " " + line.strip()
    return items


def render(text, link):
    """The blocks of a page: headings, fenced code, tables, lists, paragraphs."""
    blocks, lines = [], text.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.strip():
            continue
        if line.startswith("```"):
            code = []
            while lines and not lines[0].startswith("```"):
                code.append(lines.pop(0))
            del lines[:1]
            painted = [part for row in paint("\n".join(code)) for part in (*row, "\n")]
            blocks.append(element("pre", element("code", *painted), tabindex=0))
            continue
        heading = re.match(r"(#{1,4}) +(.*)", line)
        if heading:
            blocks.append(inline(element(f"h{len(heading[1])}"), heading[2], link))
            continue
        block = [line]
        while lines and lines[0].strip() and not lines[0].startswith(("```", "#")):
            block.append(lines.pop(0))
        if line.startswith("|"):
            blocks.append(_table(block, link))
        elif line.startswith(("- ", "* ")):
            blocks.append(element("ul", *(inline(element("li"), item, link)
                                          for item in _items(block))))
        else:
            blocks.append(inline(element("p"), " ".join(block), link))
    return blocks
