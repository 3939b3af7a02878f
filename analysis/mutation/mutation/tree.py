# SPDX-License-Identifier: MIT
"""The real tree that faults are planted in: its units, carriers and privileged functions."""

import re
import subprocess
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from aramid_check import programs, units
from aramid_check.policy import Policy

from .source import Source

ROOT = programs.ROOT
CONSUMER = "tests/consumer"
# The consumer's code that keeps to its rights; the rest of it is hostile as it stands.
HONEST = ("host.c", "lister.c")
SERVICES = "services/"


class Prototype(NamedTuple):
    """A function that takes a token."""
    result: str
    parameters: list
    file: str


def _consumer_units():
    """The consumer's honest files, compiled as its CMake project compiles them in Balanced."""
    folder = ROOT / CONSUMER
    for name in HONEST:
        file = str(folder / name)
        yield units.Unit(file, str(folder), [
            "clang-19", "-std=gnu17", "-O1", f"-I{folder}", f"-I{ROOT}/caps/include",
            f"-I{ROOT}/annotations/include", "-DARAMID_PROFILE=BALANCED",
            "-DARAMID_CAP_PROJECT_KINDS=<rights.def>", "-c", file])


def consumer_policy(path):
    """Writes what ./aramid check must know of the consumer; returns the path."""
    done = subprocess.run(
        [ROOT / "caps/tools/make-policy", "--kinds", ROOT / CONSUMER / "rights.def", "--project",
         ROOT / CONSUMER / "consumer.policy"], text=True, stdout=subprocess.PIPE, check=True)
    path.write_text(done.stdout, encoding="utf-8")
    return path


class Tree:
    """What mutators ask about the tree."""

    def __init__(self):
        known = [*units.tree_units(), *_consumer_units()]
        self.units = {str(Path(unit.file).relative_to(ROOT)): unit for unit in known
                      if unit.file.endswith(".c")}
        self._sources, self._included = {}, {}
        policy = Policy([*programs.own_policies([]), ROOT / CONSUMER / "consumer.policy"])
        self._tags = {tag for tag, in policy.facts("carrier")}
        self._is_core = policy.is_core_file
        self.minted = [name for name in policy.mints() if name.startswith("cap_mint_")]

    def source(self, path):
        """A file by its path below the root."""
        if path not in self._sources:
            text = (ROOT / path).read_text(encoding="utf-8")
            self._sources[path] = Source(path, text)
        return self._sources[path]

    @cached_property
    def headers(self):
        """The paths of our headers, the tests' not among them."""
        rooms = [*(ROOT / room for room in programs.ROOMS), ROOT / CONSUMER]
        return sorted(str(path.relative_to(ROOT)) for room in rooms for path in room.rglob("*.h")
                      if "tests" not in path.relative_to(room).parts)

    def includer(self, header):
        """A unit that includes a header by its name, or None."""
        name = re.compile(rf'^#include [<"](?:[\w/]*/)?{re.escape(Path(header).name)}[>"]', re.M)
        for path in sorted(self.units):
            if name.search(self.source(path).text) and \
                    re.search(rf'[</"]{re.escape(_spelled(header))}[>"]', self.source(path).text):
                return path
        return None

    def included(self, path):
        """The headers of ours that a file includes, through others too, as #include spells them."""
        if path not in self._included:
            spelled = {_spelled(header): header for header in self.headers}
            found, waiting = set(), [path]
            while waiting:
                text = self.source(waiting.pop()).text
                for name in re.findall(r'^#include [<"]([^>"]+)[>"]', text, re.M):
                    if name in spelled and name not in found:
                        found.add(name)
                        waiting.append(spelled[name])
            self._included[path] = found
        return self._included[path]

    def concerns_tokens(self, path):
        """Whether a file takes, shows, keeps or hands over tokens."""
        words = {tag for tag, _ in self.carriers} | set(self.prototypes)
        return "CAP(" in self.source(path).code or any(
            re.search(rf"\b{word}\b", self.source(path).code) for word in words)

    def is_core(self, path):
        """Whether a file may mint."""
        return self._is_core(path)

    @cached_property
    def carriers(self):
        """{(tag, field): kind} of the listed carriers."""
        found = {}
        for path in [*self.headers, *self.units]:
            for tag, fields in re.findall(r"\bstruct (\w+) \{(.*?)^\}", self.source(path).code,
                                          re.M | re.S):
                if tag in self._tags:
                    for kind, field in re.findall(r"\bCAP\((\w+)\) (\w+);", fields):
                        found[tag, field] = kind
        return found

    @cached_property
    def prototypes(self):
        """{function: prototype} of the functions that take a token."""
        found = {}
        for path in self.headers:
            source = self.source(path)
            for match in re.finditer(r"^(\w[\w \t]*?[ *]+)(\w+)\((?=CAP\()", source.code, re.M):
                closing = source.matching(match.end() - 1)
                parameters = [part.strip() for part in source.split(match.end(), closing)]
                result = re.sub(r"__must_check|extern", "", match[1]).strip()
                found[match[2]] = Prototype(result, parameters, path)
        rows = "kernel/boundary/core_calls.def"
        for _, result, name, rest in re.findall(
                r"^CORE_PRIVILEGED\d\((\w+), ([\w *]+), (\w+),(.*?\))\)$",
                self.source(rows).text, re.M | re.S):
            found[name] = Prototype(result, [f"{kind} {word}" for kind, word in
                                             re.findall(r"\(((?:CAP\(\w+\)|[^(),]+)), (\w+)\)", rest)],
                                    rows)
        return found

    def prototype(self, source, name):
        """A function that takes a token, as this file may call it, or None."""
        for function in source.functions:
            if function.name == name and function.is_static:
                result = re.sub(r"\bstatic\b|\binline\b", "", function.result).strip()
                return Prototype(result, function.parameters, source.path)
        return self.prototypes.get(name)


def _spelled(header):
    """How a header is named in an #include."""
    for folder in ("arch/x86_64/include/", "caps/include/", "annotations/include/",
                   f"{CONSUMER}/"):
        header = header.removeprefix(folder)
    return header
