# SPDX-License-Identifier: MIT
"""The HTML report, looked at with a browser."""

import base64
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from browser import Browser
from conftest import ROOT
from test_corpus import BAD, CORPUS, MUST_FAIL, run_check

# A fifth of the corpus, and a program for each tool: the whole is the corpus suite's to check.
MISUSE = sorted({path.name for path in BAD[::5]} | {f"{name}.bad.c" for name in MUST_FAIL.values()})
SHOWN = "[...document.querySelectorAll('article.finding')].filter((a) => a.checkVisibility())"


class Report:
    """A report's folder, and the SARIF file of the same run."""

    def __init__(self, folder):
        self.folder = folder
        self.address = (folder / "html/index.html").as_uri()

    def make(self, *words, **options):
        """Runs the check."""
        self.done = run_check("--sarif", self.folder / "log.sarif", "--html",
                              self.folder / "html", *words, **options)
        assert (self.folder / "html/index.html").is_file(), self.done.stderr
        return self

    def results(self):
        """The SARIF file's results."""
        log = json.loads((self.folder / "log.sarif").read_text(encoding="utf-8"))
        return log["runs"][0]["results"]


@pytest.fixture(scope="module", name="misuse")
def _misuse(tmp_path_factory):
    """The report of misuse programs of the corpus."""
    return Report(tmp_path_factory.mktemp("misuse")).make("--files", *MISUSE)


@pytest.fixture(scope="module", name="browser")
def _browser():
    with Browser() as browser:
        yield browser


@pytest.fixture(name="page")
def _page(browser, misuse):
    browser.events.clear()
    browser.open(misuse.address)
    return browser


def choose(page, control, value):
    """Puts a value into a control, as a user does; returns how many findings are shown."""
    page.evaluate(f"""{{
        const control = document.querySelector({json.dumps(control)});
        if (control.type === 'radio') control.checked = true;
        else control.value = {json.dumps(value)};
        control.dispatchEvent(new Event('input', {{bubbles: true}}));
    }}""")
    return page.evaluate(f"{SHOWN}.length")


def test_each_result_of_the_sarif_file_is_shown_under_its_rule(page, misuse):
    shown = page.evaluate(f"""{SHOWN}.map((a) => [a.dataset.rule, a.dataset.file,
        a.querySelector('footer code').textContent, a.closest('section').dataset.group])""")
    written = [(result["ruleId"],
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                result["partialFingerprints"]["aramidFinding/v1"]) for result in misuse.results()]
    assert len(written) > 30
    assert sorted(tuple(row[:3]) for row in shown) == sorted(written)
    assert all(rule == group for rule, _, _, group in shown)


def test_the_counts_by_rule_and_by_file_are_those_of_the_sarif_file(page, misuse):
    for part, of in (("by-rule", lambda result: result["ruleId"]),
                     ("by-file", lambda result: result["locations"][0]["physicalLocation"]
                      ["artifactLocation"]["uri"])):
        rows = page.evaluate(f"""[...document.querySelectorAll('#{part} tbody tr')].map((row) =>
            [row.querySelector('th').textContent,
             Number(row.querySelector('td.number').textContent)])""")
        assert dict(rows) == Counter(map(of, misuse.results()))
    assert page.evaluate("document.querySelector('h1').textContent") == (
        f"{len(misuse.results())} findings")


def test_the_marked_line_of_each_excerpt_is_the_findings(page):
    rows = page.evaluate(f"""{SHOWN}.map((a) => [a.querySelector('.where').textContent,
        ...[...a.querySelectorAll('mark.line')].map((line) => line.textContent)])""")
    for where, *marked in rows:
        file, line, _ = where.split(":")
        text = (CORPUS / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert marked == [f"{line}{text}\n"]


def test_each_tools_word_is_there(page, misuse):
    rows = page.evaluate(f"""{SHOWN}.map((a) => [a.querySelector('footer code').textContent,
        [...a.querySelectorAll('.words > div')].map((row) =>
            [row.querySelector('dt').textContent, row.querySelector('dd').firstChild.data])])""")
    words = {mark: [f"{text} [{tool}]" for tool, text in said] for mark, said in rows}
    for result in misuse.results():
        said = result["message"]["text"].split("\n")
        assert words[result["partialFingerprints"]["aramidFinding/v1"]] == said


def test_each_path_of_the_sarif_file_is_shown_step_by_step(page, misuse):
    shown = dict(page.evaluate(f"""{SHOWN}.map((a) => [a.querySelector('footer code').textContent,
        [...a.querySelectorAll('.path li .place')].map((step) => step.textContent)])"""))
    for result in misuse.results():
        flows = result.get("codeFlows", [])
        steps = [step["location"]["physicalLocation"] for flow in flows[:1]
                 for step in flow["threadFlows"][0]["locations"]]
        assert shown[result["partialFingerprints"]["aramidFinding/v1"]] == [
            f"{step['artifactLocation']['uri']}:{step['region']['startLine']}:"
            f"{step['region']['startColumn']}" for step in steps]


def test_the_filter_shows_what_is_asked_for(page, misuse):
    results = misuse.results()

    def number(rule="", tool="", file=""):
        return sum(result["ruleId"].startswith(rule) and file in json.dumps(result["locations"])
                   and f"[{tool}" in result["message"]["text"] for result in results)

    assert 0 < number(rule="CAP002") < len(results) > number(tool="sparse]") > 0
    assert choose(page, "#filter-rule", "CAP002") == number(rule="CAP002")
    assert page.evaluate("document.getElementById('filter-count').value") == (
        f"{number(rule='CAP002')} of {len(results)} shown")
    assert page.evaluate("[...document.querySelectorAll('section.group')]"
                         ".filter((g) => g.checkVisibility()).length") == 1
    assert choose(page, "#filter-tool", "sparse") == number(rule="CAP002", tool="sparse]")
    assert choose(page, "#filter-rule", "") == number(tool="sparse]")
    assert choose(page, "#filter-text", "no such text") == 0
    assert page.evaluate("document.getElementById('none').checkVisibility()")
    page.evaluate("document.querySelector('#filter button').click()")
    assert page.evaluate(f"new Promise((done) => setTimeout(() => done({SHOWN}.length), 50))"
                         ) == len(results)
    file = next(name for name in MISUSE if name.startswith("cap002"))
    assert choose(page, "#filter-text", f"CAP002 {file.upper()}") == number(file=file) > 0
    assert choose(page, "#filter-text", f"CAP002 {file.upper()} nowhere") == 0


def test_findings_can_be_grouped_by_file_and_back(page, misuse):
    groups = "[...document.querySelectorAll('section.group')].map((g) => g.dataset.group)"
    before = page.evaluate(groups)
    assert choose(page, "input[value=file]", "") == len(misuse.results())
    files = page.evaluate(groups)
    assert files == sorted({result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                            for result in misuse.results()})
    assert page.evaluate(f"{SHOWN}.every((a) => a.closest('section').dataset.group === "
                         "a.dataset.file)")
    choose(page, "input[value=rule]", "")
    assert page.evaluate(groups) == before


def test_the_report_asks_for_nothing_and_complains_of_nothing(page, misuse):
    choose(page, "#filter-rule", "CAP001")
    asked = [event["request"]["url"] for event in page.happened("Network.requestWillBeSent")]
    assert asked == [misuse.address]
    for complaint in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
        assert page.happened(complaint) == []


def test_a_page_that_would_ask_for_something_is_noticed(browser, tmp_path):
    """The test above can fail."""
    browser.events.clear()
    (tmp_path / "asks.html").write_text('<img src="absent.png"><script>console.log(1)</script>')
    browser.open((tmp_path / "asks.html").as_uri())
    assert len(browser.happened("Network.requestWillBeSent")) == 2
    assert browser.happened("Runtime.consoleAPICalled")


def test_every_link_leads_somewhere(page, misuse):
    html = misuse.folder / "html"
    for path in sorted(html.rglob("*.html")):
        page.open(path.as_uri())
        links = page.evaluate("[...document.querySelectorAll('[href]')].map((a) => "
                              "a.getAttribute('href'))")
        identities = page.evaluate("[...document.querySelectorAll('[id]')].map((a) => a.id)")
        assert len(set(identities)) == len(identities)
        for link in links:
            target, _, part = link.partition("#")
            assert not target or (path.parent / target).is_file(), f"{path.name}: {link}"
            assert target or part in identities, f"{path.name}: {link}"
    pages = {path.stem for path in (ROOT / "docs/rules").glob("[A-Z][A-Z][A-Z][0-9]*.md")}
    assert {path.stem for path in (html / "rules").iterdir()} == pages
    assert len(pages) >= 10


@pytest.mark.parametrize("rule", ["CAP001", "CAP008"])
def test_a_rules_page_has_all_its_words(page, misuse, rule):
    page.open((misuse.folder / f"html/rules/{rule}.html").as_uri())
    text = page.evaluate("document.querySelector('article').innerText")
    source = (ROOT / f"docs/rules/{rule}.md").read_text(encoding="utf-8")
    assert re.findall(r"\w+", text) == re.findall(r"\w+", re.sub(r"^```\w*$", "", source, flags=re.M))
    assert "`" not in text and "##" not in text


def test_without_javascript_all_is_there_and_no_dead_control(misuse):
    with Browser(script=False) as browser:
        browser.open(misuse.address)
        # Scripts of the page do not run; the protocol's own do.
        assert browser.evaluate(f"{SHOWN}.length") == len(misuse.results())
        assert not browser.evaluate("document.getElementById('filter').checkVisibility()")


def test_the_keyboard_reaches_the_findings_and_the_filter(page):
    page.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#findings"
    page.press("/", "/")
    assert page.evaluate("document.activeElement.id") == "filter-text"
    assert page.evaluate("document.activeElement.value") == ""


CONTRAST = """(() => {
    const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92
        : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            const colour = parse(getComputedStyle(element).backgroundColor);
            if (colour.length < 4 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const bad = new Set();
    for (const element of document.querySelectorAll('body *')) {
        if (element.closest('svg, script, option, meter') || !element.checkVisibility()
            || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            continue;
        const [a, b] = [parse(getComputedStyle(element).color), behind(element)].map(light);
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) bad.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
    }
    return [...bad];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(page, scheme):
    """WCAG 2.1, 1.4.3: a contrast of 4.5 to 1."""
    page.call("Emulation.setEmulatedMedia",
              features=[{"name": "prefers-color-scheme", "value": scheme}])
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(re.findall(r"\d+", ground)[0]) < 128) == (scheme == "dark")
    assert page.evaluate(CONTRAST) == []
    page.call("Emulation.setEmulatedMedia", features=[])


def test_on_paper_the_findings_are_there_and_the_controls_are_not(page, misuse):
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.evaluate(f"{SHOWN}.length") == len(misuse.results())
    assert not page.evaluate("document.getElementById('filter').checkVisibility()")
    assert not page.evaluate("document.querySelector('body > nav').checkVisibility()")
    page.call("Emulation.setEmulatedMedia", media="")
    paper = base64.b64decode(page.call("Page.printToPDF")["data"])
    assert paper.startswith(b"%PDF-")


def test_no_page_is_wider_than_a_telephone(misuse):
    with Browser(width=390, height=800) as browser:
        for path in ("index.html", "rules/CAP001.html"):
            browser.open((misuse.folder / "html" / path).as_uri())
            assert browser.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_graph_is_in_the_page_and_beside_it(page, misuse):
    assert page.evaluate("document.querySelector('#graph svg').getBoundingClientRect().width") > 100
    kinds = page.evaluate("[...document.querySelectorAll('#graph section.kind h3')]"
                          ".map((h) => h.textContent)")
    assert {"block_access", "net_access"} <= set(kinds) and kinds == sorted(kinds)
    alone = (misuse.folder / "html/capabilities.svg").read_text(encoding="utf-8")
    assert alone.count('class="node') == page.evaluate(
        "document.querySelectorAll('#graph svg .node').length")


HOSTILE = r'''
#include "corpus.h"

/* </code></pre><script>window.ran = 1</script><img src="x" onerror="window.ran = 2"> */
int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) forged = (CAP(net_access)){}; /* </mark></article><h1 id="planted">&lt;" */

	(void)net, (void)block, (void)machine;
	forged = CAP_UNSAFE("</td></tr></table><script>window.ran = 3</script>", net);
	return net_transmit(forged, choice);
}
'''


def test_a_hostile_source_puts_no_markup_into_the_report(browser, tmp_path):
    source = tmp_path / "<img src=x onerror=window.ran=4>&amp;.c"
    source.write_text(HOSTILE.replace('"corpus.h"', f'"{CORPUS}/corpus.h"'))
    report = Report(tmp_path).make("--only", "capflow", "--files", source)
    assert report.done.returncode == 1, report.done.stderr
    browser.events.clear()
    browser.open(report.address)
    assert browser.evaluate("window.ran") is None
    assert browser.evaluate("document.querySelectorAll('img, #planted').length") == 0
    assert browser.evaluate("document.querySelectorAll('script').length") == 1
    assert browser.evaluate("document.querySelectorAll('h1').length") == 1
    line = HOSTILE.splitlines()[6]
    assert browser.evaluate("document.querySelector('mark.line').textContent") == f"7{line}\n"
    assert browser.evaluate("document.querySelector('article').dataset.file").endswith(source.name)
    assert "window.ran = 3</script>" in browser.evaluate(
        "document.querySelector('#hatches').textContent")
    assert [event["request"]["url"] for event in browser.happened("Network.requestWillBeSent")
            ] == [report.address]
    assert browser.happened("Log.entryAdded") == []


def test_a_file_with_an_odd_name_is_in_the_report(browser, tmp_path):
    source = tmp_path / "<b> caf\u00e9 \x01\t.c"
    source.write_text(HOSTILE.replace('"corpus.h"', f'"{CORPUS}/corpus.h"'))
    report = Report(tmp_path).make("--only", "capflow", "--files", source.name, cwd=tmp_path)
    assert report.done.returncode == 1, report.done.stderr
    browser.open(report.address)
    assert browser.evaluate(f"{SHOWN}.length") == 1
    assert browser.evaluate("document.querySelectorAll('#graph .node.file').length") > 0


def test_a_script_that_got_in_would_not_run(browser, misuse, tmp_path):
    """The page's own policy is the second fence."""
    text = (misuse.folder / "html/index.html").read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(text.replace(
        "<main>", "<main><script>window.ran = 1</script><img src='x' onerror='window.ran = 2'>"))
    browser.events.clear()
    browser.open((tmp_path / "index.html").as_uri())
    assert browser.evaluate("window.ran") is None
    assert browser.happened("Log.entryAdded"), "the fence is not there"


def test_new_and_known_findings_are_told_apart(browser, tmp_path):
    names = ("cap002_global.bad.c", "cap002_array.bad.c")
    words = ("--only", "capflow", "--files")
    run_check("--sarif", tmp_path / "old.sarif", *words, names[0])
    report = Report(tmp_path).make("--baseline", tmp_path / "old.sarif", *words, *names)
    browser.open(report.address)
    states = browser.evaluate(f"{SHOWN}.map((a) => [a.dataset.file, a.dataset.state, "
                              "a.querySelector('.state').textContent])")
    assert {tuple(row) for row in states} == {(names[0], "known", "known"), (names[1], "new", "new")}
    assert browser.evaluate("document.querySelector('h1').textContent") == (
        "2 findings, 1 of them new")
    assert choose(browser, "#filter-state", "new") == 1


def test_what_could_not_run_and_the_hatches_are_listed(browser, tmp_path):
    (tmp_path / "broken.c").write_text("int broken( {\n")
    report = Report(tmp_path).make("--only", "capflow", "--files", tmp_path / "broken.c",
                                   "cap001_excused_without_reason.good.c")
    assert report.done.returncode == 2
    browser.open(report.address)
    text = browser.evaluate("document.getElementById('unable').textContent")
    assert "capflow could not check" in text and "broken.c" in text
    assert browser.evaluate("document.querySelectorAll('#unable li').length") == 1
    rows = browser.evaluate("[...document.querySelectorAll('#hatches tbody tr')].map((row) => "
                            "[...row.cells].map((cell) => cell.textContent))")
    listed = re.findall(r"^  (\S+:\d+): (\w+): (.*)$", report.done.stdout, re.M)
    assert [tuple(row) for row in rows] == listed != []


def test_a_clean_run_has_a_report_without_filter(browser, tmp_path):
    report = Report(tmp_path).make("--only", "capflow", "--files", "cap002_global.good.c")
    assert report.done.returncode == 0
    browser.events.clear()
    browser.open(report.address)
    assert browser.evaluate("document.querySelector('h1').textContent") == "No findings"
    assert browser.evaluate("document.getElementById('filter')") is None
    assert browser.happened("Runtime.exceptionThrown") == []


def test_the_steps_that_lead_to_a_finding_are_shown_in_order(browser, misuse, tmp_path):
    from aramid_check.findings import Finding, Step
    from report.listing import listing
    from report.markup import element, make_page
    from report.outcome import Outcome

    file = str(CORPUS / "cap001_literal_argument.bad.c")
    steps = (Step(file, 4, 1, "the token <b>comes</b> from nowhere"), Step(file, 7, 2, "it is shown"))
    groups = [[Finding(file, 7, 39, "capflow", "CAP001", "made up"),
               Finding(file, 7, 39, "analyzer", "CAP001", "on this path", steps)]]
    outcome = Outcome(groups, ["0" * 32], None, [], [], 1, ["analyzer"], None)
    page = tmp_path / "steps.html"
    page.write_text(make_page("steps", element("body", element("main", listing(outcome)))),
                    encoding="utf-8")
    browser.open(page.as_uri())
    rows = browser.evaluate("[...document.querySelectorAll('.path li')].map((step) => "
                            "[...step.children].map((part) => part.textContent))")
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    assert rows == [[step.text, f"{file}:{step.line}:{step.column}", lines[step.line - 1].strip()]
                    for step in steps]


def test_what_a_page_cannot_hold_is_counted_in_it(browser, monkeypatch, tmp_path):
    from aramid_check.findings import Finding
    from report import listing
    from report.markup import element, make_page
    from report.outcome import Outcome

    monkeypatch.setattr(listing, "MOST_SHOWN", 3)
    groups = [[Finding("absent.c", line, 1, "capflow", f"CAP00{1 + line % 2}", "made up")]
              for line in range(1, 6)]
    outcome = Outcome(groups, [f"{line:032}" for line in range(5)], None, [], [], 1, [], None)
    page = tmp_path / "many.html"
    page.write_text(make_page("many", element("body", element("main", listing.listing(outcome)))),
                    encoding="utf-8")
    browser.open(page.as_uri())
    assert browser.evaluate(f"{SHOWN}.length") == 3
    text = browser.evaluate("document.getElementById('findings').innerText")
    assert "2 more are in the SARIF file only." in text
    assert text.count("The source is not there to be shown.") == 3


def test_a_report_that_cannot_be_written_is_status_2(tmp_path):
    (tmp_path / "file").write_text("")
    done = run_check("--only", "capflow", "--html", tmp_path / "file", "--files",
                     "cap002_global.good.c")
    assert done.returncode == 2
    assert re.search(r"^aramid check: \S*file\S*: \w", done.stderr, re.M)
