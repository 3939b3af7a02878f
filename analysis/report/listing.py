# SPDX-License-Identifier: MIT
"""The findings of a report: each with its source, each tool's word, the path that leads there."""

from collections import defaultdict

from aramid_check.sarif import describe_rule

from .markup import count, element
from .rules import address_of, is_own
from .source import excerpt, line_text

# A page of more would be slow in a browser. SARIF has them all.
MOST_SHOWN = 3000


def place(file, line, column=None):
    """A place as compilers write it."""
    words = f"{file}:{line}" + (f":{column}" if column is not None else "")
    return element("code", words, class_="place")


def identity(fingerprint):
    """The name of a finding within the page."""
    return f"f-{fingerprint[:16]}"


def _words(group):
    rows = []
    for finding in group:
        rule = element("span", finding.rule, class_="other") if finding.rule not in (
            finding.tool, group[0].rule) else None
        rows.append(element("div", element("dt", finding.tool),
                            element("dd", finding.text, rule)))
    return element("dl", *rows, class_="words")


def _path(group):
    """The steps of the first tool that knows them."""
    steps = next((finding.steps for finding in group if finding.steps), ())
    if not steps:
        return None
    rows = []
    for step in steps:
        source = line_text(step.file, step.line)
        rows.append(element("li", element("span", step.text, class_="step"), " ",
                            place(step.file, step.line, step.column),
                            element("pre", element("code", source)) if source else None))
    return element("section", element("h5", "The path that leads there"),
                   element("ol", *rows), class_="path")


def _article(group, fingerprint, state):
    first = group[0]
    page = address_of(first.rule)
    rule = element("a", first.rule, href=page, class_="rule") if page else element(
        "span", first.rule, class_="rule")
    title = element("h4", rule, " ", element("span", first.text, class_="text"))
    badge = element("span", state, class_=f"state {state}") if state else None
    name = identity(fingerprint)
    lost = None if (shown := excerpt(first.file, first.line)) is not None else element(
        "p", "The source is not there to be shown.", class_="quiet")
    tools = " ".join(dict.fromkeys(finding.tool for finding in group))
    return element(
        "article", element("header", title, badge),
        element("p", place(first.file, first.line, first.column), class_="where"),
        shown, lost, _words(group), _path(group),
        element("footer", element("a", "Link", href=f"#{name}", aria_label=f"Link to {first.rule} "
                                  f"at {first.file}, line {first.line}"),
                " fingerprint ", element("code", fingerprint)),
        class_="finding", id=name, data_rule=first.rule, data_tools=tools, data_file=first.file,
        data_state=state or None)


def _by(outcome, key):
    sorted_groups = defaultdict(list)
    for group, mark in zip(outcome.groups, outcome.prints):
        sorted_groups[key(group[0])].append((group, mark))
    return sorted(sorted_groups.items(), key=lambda item: rank(item[0]))


def rank(rule):
    """Our own rules stand before those of other tools."""
    return not is_own(rule), rule


def _choice(name, label, options):
    return element("label", element("span", label),
                   element("select", element("option", "all", value=""),
                           *(element("option", option, value=option) for option in options),
                           id=f"filter-{name}"))


def _filter(outcome):
    """The controls; without JavaScript there is nothing for them to do, so they stay hidden."""
    rules = sorted({group[0].rule for group in outcome.groups}, key=rank)
    tools = sorted({finding.tool for group in outcome.groups for finding in group})
    return element(
        "form",
        element("label", element("span", "Text"),
                element("input", type="search", id="filter-text", autocomplete="off",
                        placeholder="file, function, message\u2026", aria_keyshortcuts="/")),
        _choice("rule", "Rule", rules), _choice("tool", "Tool", tools),
        _choice("state", "State", ["new", "known"]) if outcome.known is not None else None,
        element("fieldset", element("legend", "Group by"),
                *(element("label", element("input", type="radio", name="group", value=value,
                                           checked="checked" if value == "rule" else None),
                          f" {value}") for value in ("rule", "file"))),
        element("button", "Show all", type="reset"),
        element("output", id="filter-count", aria_live="polite"),
        id="filter", hidden="hidden", role="search", aria_label="Filter the findings")


def listing(outcome):
    """The section of findings, grouped by rule."""
    if not outcome.groups:
        words = "Nothing was found." if not outcome.unable else (
            "Nothing was found in what could be checked.")
        return element("section", element("h2", "Findings"), element("p", words), id="findings")
    shown, sections = 0, []
    for rule, members in _by(outcome, lambda finding: finding.rule):
        left = members[:max(0, MOST_SHOWN - shown)]
        shown += len(left)
        if not left:
            continue
        short = describe_rule(rule, left[0][0][0].tool)["shortDescription"]["text"]
        sections.append(element(
            "section", element("h3", rule, " ", element("small", short)),
            *(_article(group, mark, outcome.state_of(mark)) for group, mark in left),
            class_="group", data_group=rule))
    more = len(outcome.groups) - shown
    return element(
        "section", element("h2", "Findings"), _filter(outcome),
        element("p", f"{more} more are in the SARIF file only.") if more else None,
        element("p", "No finding is like that.", id="none", hidden="hidden"),
        element("div", *sections, id="groups"), id="findings")


def _bar(number, most):
    return element("meter", str(number), min=0, max=most, value=number, aria_hidden="true")


def rule_table(outcome):
    """How many findings each rule has, and of which tools."""
    rows, grouped = [], _by(outcome, lambda finding: finding.rule)
    most = max((len(members) for _, members in grouped), default=1)
    for rule, members in grouped:
        page = address_of(rule)
        tools = sorted({finding.tool for group, _ in members for finding in group})
        short = describe_rule(rule, members[0][0][0].tool)["shortDescription"]["text"]
        rows.append(element(
            "tr", element("th", element("a", rule, href=page) if page else rule, scope="row"),
            element("td", short), element("td", ", ".join(tools), class_="quiet"),
            element("td", str(len(members)), class_="number"),
            element("td", _bar(len(members), most))))
    head = element("tr", *(element("th", words, scope="col") for words in
                           ("Rule", "In one line", "Flagged by", "Findings")), element("td"))
    return element("section", element("h2", "By rule"),
                   element("div", element("table", element("thead", head),
                                          element("tbody", *rows)), class_="wide"), id="by-rule")


def file_table(outcome):
    """Each file with links to its findings."""
    rows = []
    for file, members in _by(outcome, lambda finding: finding.file):
        links = []
        for group, mark in members:
            links += [element("a", f"{group[0].line}\u00a0{group[0].rule}",
                              href=f"#{identity(mark)}"), " "]
        rows.append(element("tr", element("th", element("code", file), scope="row"),
                            element("td", str(len(members)), class_="number"),
                            element("td", *links, class_="links")))
    head = element("tr", *(element("th", words, scope="col")
                           for words in ("File", "Findings", "Lines")))
    return element(
        "section", element("h2", "By file"),
        element("details", element("summary", count(len(rows), "file") + " with findings"),
                element("div", element("table", element("thead", head),
                                       element("tbody", *rows)), class_="wide"),
                open="open" if len(rows) <= 20 else None), id="by-file")
