# SPDX-License-Identifier: MIT
"""HTML pages as element trees: what comes from outside is text, and text is escaped when written.

A page needs nothing but itself. Its policy forbids every request, and every script and style but
the ones written here, so what slipped through as markup would still not run.
"""

import base64
import hashlib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent


def element(tag, *children, **attributes):
    """An element; a child is an element, text, or None. class_ is class, data_x is data-x."""
    words = {name.rstrip("_").replace("_", "-"): str(value)
             for name, value in attributes.items() if value is not None}
    made = ElementTree.Element(tag, words)
    for child in children:
        append(made, child)
    return made


def append(parent, child):
    """Adds an element or text behind what the parent has."""
    if child is None:
        return
    if not isinstance(child, str):
        parent.append(child)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + child
    else:
        parent.text = (parent.text or "") + child


def _source_of(text):
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def make_page(title, body, script=False):
    """A whole page as text; with the script that filters, or without any."""
    style = (HERE / "style.css").read_text(encoding="utf-8")
    code = (HERE / "filter.js").read_text(encoding="utf-8") if script else ""
    rules = ["default-src 'none'", f"style-src {_source_of(style)}", "base-uri 'none'",
             "form-action 'none'", f"script-src {_source_of(code)}" if script else ""]
    head = element(
        "head", element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy",
                content="; ".join(filter(None, rules))),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title), element("style", style))
    if script:
        body.append(element("script", code))
    tree = element("html", head, body, lang="en")
    text = ElementTree.tostring(tree, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}\n"


def count(number, noun, plural=""):
    """'1 finding', '2 findings'."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
