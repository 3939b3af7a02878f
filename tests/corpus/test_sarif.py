# SPDX-License-Identifier: MIT
"""SARIF output and baselines of ./aramid check.

The schema itself is in no Debian package. What it demands of the parts that are written here
(required properties, types, bounds) stands below, from OASIS SARIF 2.1.0.
"""

import json
import re
import sys

import pytest
from test_corpus import CORPUS, ROOT, flagged, run_check

sys.path.insert(0, str(ROOT / "analysis"))

from aramid_check.findings import Finding, Step, merge  # noqa: E402  (the path above comes first)
from aramid_check.sarif import make_log  # noqa: E402

# A text is a type; a list holds one type; a dictionary names properties, '!' the required ones.
TEXT = {"!text": "string", "markdown": "string"}
LOCATION = {"physicalLocation": {
    "!artifactLocation": {"!uri": "uri", "uriBaseId": "string"},
    "!region": {"!startLine": "positive", "startColumn": "positive"}}}
# Steps of a code flow: 3.36 to 3.38.
FLOW = {"!threadFlows": [{"!locations": [{"location": {**LOCATION, "message": TEXT}}]}]}
LOG = {
    "$schema": "uri",
    "!version": "2.1.0",
    "!runs": [{
        "!tool": {"!driver": {"!name": "string", "!rules": [{
            "!id": "string", "!shortDescription": TEXT, "fullDescription": TEXT, "!help": TEXT,
            "defaultConfiguration": {"level": "level"}, "properties": {"tags": ["string"]}}]}},
        "columnKind": "string",
        "originalUriBaseIds": {"%SRCROOT%": {"uri": "folder"}},
        "invocations": [{"!executionSuccessful": "boolean", "toolExecutionNotifications": [
            {"level": "level", "!message": TEXT}]}],
        "!results": [{
            "!ruleId": "string", "!ruleIndex": "index", "level": "level", "!message": TEXT,
            "!locations": [LOCATION], "!partialFingerprints": {"!aramidFinding/v1": "string"},
            "codeFlows": [FLOW], "baselineState": "state"}],
    }],
}

TYPES = {
    "string": lambda value: isinstance(value, str) and value,
    "uri": lambda value: isinstance(value, str) and re.fullmatch(r"[\w.~:/%+@!$&'()*,;=#?-]+", value),
    "folder": lambda value: re.fullmatch(r"file:///\S+/", value),
    "positive": lambda value: type(value) is int and value >= 1,
    "index": lambda value: type(value) is int and value >= 0,
    "boolean": lambda value: isinstance(value, bool),
    "level": lambda value: value in ("none", "note", "warning", "error"),
    "state": lambda value: value in ("new", "unchanged", "updated", "absent"),
    "2.1.0": lambda value: value == "2.1.0",
}


def hold(value, shape, where="log"):
    """Asserts that a value has a shape."""
    if isinstance(shape, str):
        assert TYPES[shape](value), f"{where}: {value!r} is no {shape}"
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for number, item in enumerate(value):
            hold(item, shape[0], f"{where}[{number}]")
    else:
        names = {name.lstrip("!"): name for name in shape}
        assert isinstance(value, dict), where
        assert set(value) <= set(names), f"{where}: {set(value) - set(names)}"
        required = {name[1:] for name in shape if name.startswith("!")}
        assert required <= set(value), f"{where}: {required - set(value)}"
        for name, item in value.items():
            hold(item, shape[names[name]], f"{where}.{name}")


def check_to_sarif(path, *words, **options):
    """A run's result and the file that it wrote."""
    done = run_check("--sarif", path, *words, **options)
    assert path.exists(), done.stderr
    return done, json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", name="misuse")
def _misuse(tmp_path_factory):
    return check_to_sarif(tmp_path_factory.mktemp("sarif") / "bad.sarif", "--files",
                          *sorted(path.name for path in CORPUS.glob("*.bad.c")))


def test_the_file_has_the_shape_that_sarif_demands(misuse):
    hold(misuse[1], LOG)


def test_each_printed_finding_is_a_result_with_its_rule_and_place(misuse):
    done, log = misuse
    printed = re.findall(r"^(\S+?):(\d+):(\d+): error: (\S+): ", done.stdout, re.M)
    written = []
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        written.append((place["artifactLocation"]["uri"], str(place["region"]["startLine"]),
                        str(place["region"]["startColumn"]), result["ruleId"]))
    assert len(printed) > 80
    assert written == printed


def test_each_result_names_its_rule_whose_help_is_its_page(misuse):
    run = misuse[1]["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    described = {rule["id"]: rule for rule in rules}
    page = (ROOT / "docs/rules/CAP001.md").read_text(encoding="utf-8")
    assert page.endswith(described["CAP001"]["help"]["markdown"] + "\n")
    assert page.startswith(f"# CAP001: {described['CAP001']['shortDescription']['text']}\n")
    assert described["sparse"]["help"]["text"]


def test_no_two_results_share_a_fingerprint(misuse):
    results = misuse[1]["runs"][0]["results"]
    prints = {result["partialFingerprints"]["aramidFinding/v1"] for result in results}
    assert len(prints) == len(results)


def steps_of(log, program):
    """(line, words) along the code flow of a program's only finding."""
    result, = (result for result in log["runs"][0]["results"]
               if result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == program)
    flow, = result["codeFlows"]
    steps = [step["location"] for step in flow["threadFlows"][0]["locations"]]
    assert {step["physicalLocation"]["artifactLocation"]["uri"] for step in steps} == {program}
    return [(step["physicalLocation"]["region"]["startLine"], step["message"]["text"])
            for step in steps]


@pytest.mark.parametrize("program, steps", [
    ("cap007_revoked_path.bad.c", [
        (7, "Assuming 'choice' is > 3"), (7, "Taking true branch"), (8, "the token is revoked"),
        (9, "a token of net_access is used after it was revoked")]),
    ("cap007_restarted.bad.c", [
        (22, "Assuming the condition is true"), (22, "Left side of '&&' is true"),
        (22, "Calling 'restart'"), (14, "every token of the owner is revoked"),
        (22, "Returning from 'restart'"), (22, "Assuming the condition is true"),
        (22, "Taking true branch"),
        (23, "a token of net_access is used after it was revoked")]),
    ("cap009_second_token.bad.c", [
        (18, "Calling 'queue_block'"),
        (7, "'queue_block' is shown a token of net_access"),
        (10, "a call of 'queue_push' comes before the token is validated")]),
    ("ledger_loop.bad.c", [
        (11, "Assuming 'i' is < 'choice'"), (11, "Loop condition is true.  Entering loop body"),
        (12, "'buffer_take' acquires it"), (14, "Assuming 'buffer' is non-null"),
        (14, "Taking false branch"), (16, "Assuming the condition is true"),
        (16, "Taking true branch"),
        (17, "what 'buffer_take' acquired is not released on this path: "
             "'buffer_give' would")]),
])
def test_a_result_carries_the_path_that_leads_to_the_fault(misuse, program, steps):
    assert steps_of(misuse[1], program) == steps


def test_the_path_of_an_uninitialised_token_begins_at_its_declaration(misuse):
    results = [result for result in misuse[1]["runs"][0]["results"]
               if result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
               == "cap001_uninitialised_path.bad.c"]
    first = results[0]["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"]
    assert first["message"]["text"] == "declared without a token of net_access"
    assert first["physicalLocation"]["region"]["startLine"] == 6


def make_group(*flows):
    """A group of one finding for each flow, each of another tool."""
    return [Finding("a.c", 1, 1, tool, "CAP001", "words", flow)
            for tool, flow in zip(("capflow", "analyzer"), flows)]


def test_a_fault_that_many_paths_reach_is_one_result_with_the_shortest():
    step = Step("a.c", 1, 1, "step")
    findings = [Finding("a.c", 1, 1, "analyzer", "CAP001", "words", steps)
                for steps in ((step, step, step), (step, step), ())]
    assert merge(findings) == [[findings[1]]]


def test_the_steps_of_a_result_stay_below_what_github_accepts():
    steps = tuple(Step("a.c", number, 1, "step") for number in range(1, 20001))
    group = make_group(steps, steps)
    result, = make_log([group], ["print"], None, [])["runs"][0]["results"]
    flows = [flow["threadFlows"][0]["locations"] for flow in result["codeFlows"]]
    assert sum(map(len, flows)) <= 10000
    assert all(flow[-1]["location"]["physicalLocation"]["region"]["startLine"] == 20000
               for flow in flows), "the fault itself is kept"


def test_a_clean_run_is_a_file_without_results(tmp_path):
    done, log = check_to_sarif(tmp_path / "clean.sarif", "--only", "capflow", "--files",
                               "cap001_literal_argument.good.c")
    assert done.returncode == 0
    hold(log, LOG)
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_a_file_that_could_not_be_checked_is_in_the_sarif_file(tmp_path):
    (tmp_path / "broken.c").write_text("int broken( {\n")
    done, log = check_to_sarif(tmp_path / "broken.sarif", "--only", "capflow", "--files",
                               tmp_path / "broken.c")
    assert done.returncode == 2
    hold(log, LOG)
    invocation = log["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert "broken.c" in invocation["toolExecutionNotifications"][0]["message"]["text"]


@pytest.fixture(name="old_code")
def _old_code(tmp_path):
    """A file with a finding and a baseline that knows it."""
    source = tmp_path / "old.c"
    text = (CORPUS / "cap001_literal_argument.bad.c").read_text(encoding="utf-8")
    source.write_text(text.replace('"corpus.h"', f'"{CORPUS}/corpus.h"'))
    words = ("--only", "capflow", "--files", "old.c")
    done, _ = check_to_sarif(tmp_path / "baseline.sarif", *words, cwd=tmp_path)
    assert done.returncode == 1
    return source, ("--baseline", "baseline.sarif", *words)


def test_a_finding_of_the_baseline_does_not_fail_and_is_not_printed(old_code, tmp_path):
    done, log = check_to_sarif(tmp_path / "now.sarif", *old_code[1], cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert flagged(done.stdout) == {}
    assert "1 findings, 0 of them new" in done.stdout
    hold(log, LOG)
    assert [result["baselineState"] for result in log["runs"][0]["results"]] == ["unchanged"]


def test_lines_above_may_come_and_indentation_may_change(old_code, tmp_path):
    source, words = old_code
    moved = source.read_text(encoding="utf-8").replace("#include", "\n\n/* New. */\n#include")
    source.write_text(moved.replace("\t", "        "))
    assert run_check(*words, cwd=tmp_path).returncode == 0


def test_a_second_fault_fails_though_its_line_is_like_a_known_one(old_code, tmp_path):
    source, words = old_code
    text = source.read_text(encoding="utf-8")
    start = text.index("int run(")
    body = text[start:text.index("}\n", start) + 2]
    source.write_text(text + body.replace("int run(", "int run_again(int more, "))
    done = run_check(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert "2 findings, 1 of them new" in done.stdout
    assert len(flagged(done.stdout)["old.c"]) == 1


def test_a_baseline_that_is_none_is_status_2(tmp_path):
    (tmp_path / "none.sarif").write_text("{}")
    for name, reason in (("none.sarif", "is not a SARIF file of aramid check"),
                         ("absent.sarif", "No such file or directory")):
        done = run_check("--baseline", tmp_path / name, "--files", "cap001_literal_argument.good.c")
        assert done.returncode == 2
        assert reason in done.stderr
