# SPDX-License-Identifier: MIT
"""The pages of the rules, each a page of the report."""

import re
from functools import lru_cache

from aramid_check.places import RULES

from .markdown import render
from .markup import element, make_page

_NAME = re.compile(r"[A-Z]{3}\d{3}")


def is_own(rule):
    """Whether it is a rule of ours, as opposed to another tool's."""
    return bool(_NAME.fullmatch(rule))


@lru_cache
def rule_names():
    """The rules that have a page."""
    return sorted(page.stem for page in RULES.glob("*.md") if is_own(page.stem))


def address_of(rule):
    """The rule's page, from the index; None when it has none."""
    return f"rules/{rule}.html" if rule in rule_names() else None


def _link(target):
    name = target.partition("#")[0].removesuffix(".md")
    return f"{name}.html" if name in rule_names() else None


def rule_page(rule):
    """The rule's page as text."""
    text = (RULES / f"{rule}.md").read_text(encoding="utf-8")
    blocks = render(text, _link)
    others = [element("li", element("a", name, href=f"{name}.html",
                                    aria_current="page" if name == rule else None))
              for name in rule_names()]
    body = element(
        "body", element("a", "Skip to the text", class_="skip", href="#text"),
        element("header", element("p", element("a", "\u2190 The report", href="../index.html"),
                                  class_="back")),
        element("nav", element("ul", *others), class_="rules", aria_label="Rules"),
        element("main", element("article", *blocks, class_="rule"), id="text"))
    return make_page(f"{rule} \u2013 aramid check", body)
