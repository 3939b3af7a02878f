# SPDX-License-Identifier: MIT
"""The page of a campaign's figures: static, with plots, in the look of the checkers' report."""

import sys
from pathlib import Path

from .guest import ROOT
from .kinds import KINDS
from .unable import Unable

sys.path.insert(0, str(ROOT / "analysis"))

from report.markup import count, element, make_page  # noqa: E402  (the path comes first)

# What a bar is made of, from the left: each trial is in one of them.
PARTS = (("not activated", "var(--line)"), ("no effect", "var(--quiet)"),
         ("survived whole", "var(--accent)"), ("silent", "var(--hit-edge)"),
         ("not survived whole", "var(--bad)"))
WIDTH, ROW, LABEL = 900, 26, 210
COLUMNS = ("injected", "activated", "no_effect", "silent", "detected", "contained", "restored",
           "quarantined", "data_intact", "hung", "core_damaged", "leaked", "off_crashed")


def _parts(figures):
    whole = figures["whole"]
    passive = figures["injected"] - figures["no_effect"] - figures["silent"] - figures["detected"]
    return passive, figures["no_effect"], whole, figures["silent"], figures["detected"] - whole


def _text(x, y, words, anchor="start"):
    return element("text", words, x=x, y=y, text_anchor=anchor, font_size=13,
                   fill="currentColor")


def _plot(title, rows, draw):
    """An SVG with a labelled line for each of the rows (name, figures)."""
    lines = []
    for index, (name, figures) in enumerate(rows):
        y = index * ROW
        lines += [_text(0, y + 17, name.replace("_", " ")), *draw(y, figures)]
    picture = element("svg", element("title", title), *lines, role="img",
                      viewBox=f"0 0 {WIDTH} {len(rows) * ROW}", width="100%")
    return element("figure", element("div", picture, class_="wide"), element("figcaption", title))


def _bar(y, figures):
    scale = (WIDTH - LABEL - 60) / max(1, figures["injected"])
    x, made = float(LABEL), []
    for (words, colour), number in zip(PARTS, _parts(figures)):
        if number:
            made.append(element("rect", element("title", f"{words}: {number}"), x=f"{x:.1f}", y=y + 4,
                                width=f"{number * scale:.1f}", height=ROW - 8, fill=colour))
        x += number * scale
    return [*made, _text(WIDTH, y + 17, str(figures["injected"]), "end")]


def _interval(y, figures):
    """The rate of survival and its interval, from 0 to 100 %."""
    rate = figures["rates"]["whole"]
    scale = WIDTH - LABEL - 160
    line = element("line", x1=LABEL, x2=LABEL + scale, y1=y + 13, y2=y + 13, stroke="var(--line)")
    if rate["rate"] is None:
        return [line, _text(WIDTH, y + 17, "none detected", "end")]
    span = element("line", x1=f"{LABEL + scale * rate['low']:.1f}", y1=y + 13, y2=y + 13,
                   x2=f"{LABEL + scale * rate['high']:.1f}", stroke="var(--accent)",
                   stroke_width=5)
    dot = element("circle", cx=f"{LABEL + scale * rate['rate']:.1f}", cy=y + 13, r=5,
                  fill="currentColor")
    words = f"{100 * rate['rate']:.1f} % of {figures['detected']}"
    return [line, span, dot, _text(WIDTH, y + 17, words, "end")]


def _legend():
    keys = []
    for index, (words, colour) in enumerate(PARTS):
        keys += [element("rect", x=index * 180, y=4, width=14, height=14, fill=colour),
                 _text(index * 180 + 20, 16, words)]
    return element("svg", *keys, viewBox=f"0 0 {WIDTH} 22", width="100%", role="presentation")


def _table(rows):
    head = element("tr", element("th", "", scope="col"),
                   *(element("th", name.replace("_", " "), scope="col") for name in COLUMNS))
    body = [element("tr", element("th", name.replace("_", " "), scope="row",
                                  title=KINDS[name].sentence if name in KINDS else None),
                    *(element("td", str(figures[column]), class_="number") for column in COLUMNS))
            for name, figures in rows]
    return element("div", element("table", element("thead", head), element("tbody", *body)),
                   class_="wide")


def _failures(failures):
    rows = [element("tr", element("th", each["seed"], scope="row"), element("td", each["service"]),
                    element("td", element("code", each["fault"])),
                    element("td", ", ".join(each["outcomes"])),
                    element("td", "; ".join(each["notes"]))) for each in failures]
    if not rows:
        return element("p", "Every detected fault was contained, restored and without loss.")
    head = element("tr", *(element("th", words, scope="col") for words in
                           ("Seed", "Service", "Fault", "Outcomes", "Evidence")))
    return element("div", element("table", element("thead", head), element("tbody", *rows)),
                   class_="wide")


def make(results):
    """The page as text."""
    campaign, totals = results["campaign"], results["totals"]
    services, kinds = list(results["by_service"].items()), list(results["by_kind"].items())
    tiles = [(name.replace("_", " "), totals[name]) for name in
             ("injected", "activated", "detected", "whole", "silent", "hung", "core_damaged",
              "leaked")]
    title = f"{count(totals['injected'], 'fault')} in {campaign['profile'].capitalize()}"
    rate = totals["rates"]["whole"]
    headline = "No fault was detected" if rate["rate"] is None else \
        f"{100 * rate['rate']:.2f} % of {totals['detected']} detected faults survived whole " \
        f"(95 %: {100 * rate['low']:.2f} to {100 * rate['high']:.2f})"
    parts = (("survival", "Survival", [
        _plot("Detected faults that were contained and restored without loss: rate and 95 % "
              "interval (Wilson)", [("all", totals), *services, *kinds], _interval)]),
             ("outcomes", "Outcomes", [
                 _legend(), _plot("What became of each injected fault",
                                  [("all", totals), *services, *kinds], _bar)]),
             ("figures", "Figures", [_table([("all", totals), *services, *kinds])]),
             ("failures", "Failures", [_failures(results["failures"])]))
    body = element(
        "body", element("header", element("p", "aramid campaign", class_="brand"),
                        element("h1", title), element("p", headline, class_="quiet"),
                        element("p", f"seed {campaign['seed']}, {campaign['compiler']}, image "
                                f"{campaign['image']}", class_="quiet"),
                        element("ul", *(element("li", element("a", element(
                            "strong", str(number)), element("span", words), href="#figures"))
                                        for words, number in tiles), class_="tiles"),
                        class_="top"),
        element("nav", element("ul", *(element("li", element("a", words, href=f"#{name}"))
                                       for name, words, _ in parts)), aria_label="Parts"),
        element("main", *(element("section", element("h2", words), *inside, id=name)
                          for name, words, inside in parts)))
    return make_page(f"{title} – aramid campaign", body)


def write_page(folder, results):
    """Writes index.html into the folder."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "index.html").write_text(make(results), encoding="utf-8")
    except OSError as error:
        raise Unable(f"{error.filename or folder}: {error.strerror}") from error
