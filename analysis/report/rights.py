# SPDX-License-Identifier: MIT
"""The capability graph in a report: the picture, and the same in words, kind by kind."""

import copy

from .listing import place
from .markup import element

PICTURE = "capabilities.svg"


def _list(items, empty):
    items = list(items)
    return element("ul", *(element("li", *item) for item in items)) if items else element(
        "p", empty, class_="quiet")


def _made(graph, kind):
    for (function, made), (how, where) in sorted(graph.made.items()):
        if made == kind:
            yield (element("code", str(function)), f" {how}s one at ", place(*where),
                   ", in a file that may not" if function in graph.unlisted else "")


def _held(graph, kind):
    for name, carrier in sorted(graph.carriers.items()):
        fields = [field for field, held in carrier.fields.items() if held == kind]
        if not fields:
            continue
        filled = sorted({f"{function} in {function.file}"
                         for function, _ in carrier.filled.get(kind, ())})
        where = [" at ", place(*carrier.place)] if carrier.place else []
        yield (element("code", f"struct {name}"), ", field ", element("code", ", ".join(fields)),
               *where, f": filled by {', '.join(filled)}" if filled else ": filled by nobody")


def _reached(graph, kind):
    rows = []
    for room, functions in graph.reach(kind).items():
        names = sorted({(function.name, function.file) for function in functions})
        cells = []
        for name, file in names:
            cells += [element("code", f"{name}()", title=file or "no checked file defines it"), " "]
        rows.append(element("tr", element("th", element("code", room), scope="row"),
                            element("td", *(cells or ["nothing"]), class_="links")))
    head = element("tr", element("th", "A token that is held in", scope="col"),
                   element("th", "comes to", scope="col"))
    return element("div", element("table", element("thead", head), element("tbody", *rows)),
                   class_="wide")


def graph_section(drawing):
    """The picture, and for each kind who makes it, where it is kept and what it reaches."""
    graph, parts = drawing.graph, []
    for kind in sorted(graph.kinds):
        parts.append(element(
            "section", element("h3", element("code", kind)),
            element("h4", "Made by"), _list(_made(graph, kind), "nobody here"),
            element("h4", "Kept in"), _list(_held(graph, kind), "no struct"),
            element("h4", "Reaches"), _reached(graph, kind), class_="kind"))
    picture = copy.deepcopy(drawing.picture)
    picture.set("role", "img")
    picture.set("aria-label", "Who makes tokens, who holds them and what they reach; the same is "
                "below in words")
    others = element("p", "Nobody here has a token of ",
                     ", ".join(drawing.others) + ".", class_="quiet") if drawing.others else None
    return element(
        "section", element("h2", "Capability graph"),
        element("p", "Read from the code: who makes tokens, in which structs they are kept, and "
                "which functions they come to. A struct stands for all its objects."),
        element("figure", element("div", picture, class_="picture", tabindex=0, role="group",
                                  aria_label="Capability graph, scrolls sideways"),
                element("figcaption", element("a", "The picture alone", href=PICTURE),
                        " in its own size")),
        others, *parts, id="graph")
