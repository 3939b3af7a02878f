# SPDX-License-Identifier: MIT
"""The report of ./aramid check --html: an index, the pages of the rules and the picture."""

from pathlib import Path

from aramid_check.unable import Unable

from .listing import file_table, listing, place, rule_table
from .markup import count, element, make_page
from .picture import write_picture
from .rights import PICTURE, graph_section
from .rules import rule_names, rule_page


def _headline(outcome):
    found = count(len(outcome.groups), "finding")
    if outcome.known is not None:
        found += f", {outcome.new()} of them new"
    return found if outcome.groups else "No findings"


def _tiles(outcome):
    tiles = [("findings", len(outcome.groups), "finding")]
    if outcome.known is not None:
        tiles.append(("findings", outcome.new(), "new"))
        tiles.append(("findings", len(outcome.groups) - outcome.new(), "known"))
    files = len({group[0].file for group in outcome.groups})
    tiles.append(("by-file" if files else "findings", files, "file with findings"))
    tiles.append(("hatches", len(outcome.hatches), "escape hatch"))
    tiles.append(("unable", len(outcome.unable), "could not run"))
    many = {"finding": "findings", "file with findings": "files with findings",
            "escape hatch": "escape hatches"}
    return element("ul", *(element("li", element("a", element("strong", str(number)), element(
        "span", words if number == 1 else many.get(words, words)), href=f"#{where}"),
                                   class_="bad" if words == "could not run" and number else None)
                           for where, number, words in tiles), class_="tiles")


def _hatches(outcome):
    rows = [element("tr", element("td", place(hatch.file, hatch.line)),
                    element("td", element("code", hatch.macro)),
                    element("td", hatch.reason or element("em", "no reason is given")))
            for hatch in outcome.hatches]
    head = element("tr", *(element("th", words, scope="col")
                           for words in ("Place", "Hatch", "Reason")))
    table = element("div", element("table", element("thead", head), element("tbody", *rows)),
                    class_="wide")
    return element("section", element("h2", "Escape hatches"),
                   element("p", "Where the code switches a check off, and why."),
                   table if rows else element("p", "There are none.", class_="quiet"), id="hatches")


def _unable(outcome):
    rows = [element("li", element("strong", tool), " could not check ", element("code", file),
                    f": {reason}") for file, tool, reason in outcome.unable]
    return element("section", element("h2", "Could not run"),
                   element("ul", *rows) if rows else element(
                       "p", "Every tool could check every file.", class_="quiet"), id="unable")


def index_page(outcome):
    """The index as text."""
    headline = _headline(outcome)
    links = [("findings", "Findings"), ("graph", "Capability graph"),
             ("hatches", "Escape hatches"), ("unable", "Could not run")]
    tables = []
    if outcome.groups:
        links[:0] = [("by-rule", "By rule"), ("by-file", "By file")]
        tables = [rule_table(outcome), file_table(outcome)]
    body = element(
        "body", element("a", "Skip to the findings", class_="skip", href="#findings"),
        element("header", element("p", "aramid check", class_="brand"), element("h1", headline),
                element("p", f"{count(outcome.files, 'file')} checked with "
                        f"{', '.join(outcome.tools)}", class_="quiet"), _tiles(outcome),
                class_="top"),
        element("nav", element("ul", *(element("li", element("a", words, href=f"#{name}"))
                                       for name, words in links)),
                aria_label="Parts of the report"),
        element("main", *tables, listing(outcome), graph_section(outcome.drawing),
                _hatches(outcome), _unable(outcome)))
    return make_page(f"{headline} \u2013 aramid check", body, script=True)


def write_report(folder, outcome):
    """Writes the files; Unable when it cannot."""
    folder = Path(folder)
    try:
        (folder / "rules").mkdir(parents=True, exist_ok=True)
        # A file's name may have bytes that are no text.
        (folder / "index.html").write_text(index_page(outcome), encoding="utf-8", errors="replace")
        for rule in rule_names():
            (folder / "rules" / f"{rule}.html").write_text(rule_page(rule), encoding="utf-8")
    except OSError as error:
        raise Unable(f"{error.filename or folder}: {error.strerror}") from error
    write_picture(folder / PICTURE, outcome.drawing.picture)
