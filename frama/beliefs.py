# SPDX-License-Identifier: MIT
"""What the proofs of token flow take without a proof, and the lists that allow it.

The plug-in names each admitted fact, axiom and function without a body that a file's proof rests
on. frama/flow/believed.list allows what lies in the method, for every project; the project's own
facts allow the rest. What neither allows is an error, and so is a row that nobody needs.
"""
import fnmatch
import os
import re

HERE = os.path.dirname(os.path.realpath(__file__))
PLACE = "frama/flow/believed.list"

# Words of rows that every proof rests on: in the report alone.
STANDING = ("macro", "option", "method")

# A function that other files can call, at the left edge: its name, up to the bracket of its body.
DEFINITION = re.compile(r"^(?!#|typedef|static)[A-Za-z_][\w \t*\n]*?\b(\w+)\s*"
                        r"\((?:[^;{}()]|\([^()]*\))*\)\s*(?:[A-Z]\w*\([^)]*\)\s*)*\{", re.M)


class WrongList(Exception):
    """A list that cannot be read; the text says why."""


def read_rows(path, name):
    """(words, why) of each line of a list."""
    with open(path, encoding="utf-8") as file:
        lines = [line.partition("|") for line in file
                 if line.strip() and not line.startswith("#")]
    for words, _, why in lines:
        if not why.strip():
            raise WrongList(f"{name}: no reason behind '{words.strip()}'")
    return [(words.split(), why.strip()) for words, _, why in lines]


def macros_of(path):
    with open(path, encoding="utf-8") as file:
        return set(re.findall(r"^#define (\w+)", file.read(), re.M))


def options_of(recipe):
    """The recipe's options, each with its value."""
    return set(re.findall(r"-\S+(?: [^-]\S*)?", " ".join(recipe)))


class Beliefs:
    """Of one project: its facts, the method's list, and where its functions are defined."""

    def __init__(self, project, proved_files, recipe):
        self.project, self.proved_files = project, proved_files
        self.method = read_rows(os.path.join(project.method_root, PLACE), PLACE)
        self.facts = project.facts()
        self.needed, self.errors, self.said = set(), [], {}
        self.of_files = set()  # what is said of files without tokens: in the report alone
        self.defined = {}
        for path in project.sources((".c",)):
            for name in DEFINITION.findall(project.read(path)):
                self.defined.setdefault(name, set()).add(path)
        self.compare("macro", macros_of(os.path.join(HERE, "flow", "tools.h")))
        self.compare("option", options_of(recipe))
        for words, why in self.method:
            if words[0] in STANDING:
                self.say(" ".join(words), why)

    def say(self, what, why):
        self.said[what] = why

    def compare(self, word, used):
        """The rows of the word are those that are used, each way."""
        listed = {" ".join(words[1:]) for words, _ in self.method if words[0] == word}
        self.errors += [f"{word} {name}: error: believed, but {PLACE} does not allow it"
                        for name in sorted(used - listed)]
        self.errors += [f"{PLACE}: error: '{word} {name}': there is no such {word}"
                        for name in sorted(listed - used)]

    def rule(self, word, name):
        """The name, which is a pattern, and the reason of a row of the method's list."""
        for words, why in self.method:
            pattern = " ".join(words[1:])
            if words[0] == word and fnmatch.fnmatchcase(name, pattern):
                return pattern, why
        return None, None

    def fact(self, *words):
        """The reason of the project's row, whose second word is a pattern."""
        for row, why in self.facts:
            if row[0] == words[0] and fnmatch.fnmatchcase(words[1], row[1]) and \
                    row[2:] == list(words[2:]):
                self.needed.add(tuple(row))
                return why
        return None

    def files_of(self, function):
        files = set(self.defined.get(function, ()))
        for row, _ in self.facts if not files else ():
            if row[0] == "defined" and fnmatch.fnmatchcase(function, row[1]):
                self.needed.add(tuple(row))
                files.add(row[2])
        return files

    def allow_function(self, name):
        """True when something allows to believe the contract, or another file's proof has it."""
        files = self.files_of(name)
        for path in files:
            excluded = self.fact("not-proved", path)
            if excluded:
                self.say(f"functions of {path}", excluded)
            elif path not in self.proved_files:
                self.of_files.add(f"functions of {path}")
                self.say(f"functions of {path}", self.rule("method", "token-free")[1])
        if files:
            return True
        pattern, why = self.rule("function", name)
        own = self.fact("believes", name)
        if own or why:
            self.say(f"function {name}" if own else f"functions {pattern}", own or why)
        return bool(own or why)

    def allow(self, belief):
        word, _, name = belief.partition(" ")
        if word == "function":
            return self.allow_function(name)
        trusted = name.split()
        if word == "admit" and trusted[0] == "trust":
            why = self.fact(*trusted)
        else:
            why = self.rule(word, name)[1]
        if why:
            self.say(belief, why)
        return why is not None

    def look_at(self, file, result):
        """Compares what one file's proof believed; its results tell what the file defines."""
        for belief in result["takes"]:
            if not self.allow(belief):
                self.errors.append(f"{file}: error: {belief}: believed, but neither {PLACE} nor "
                                   f"{self.project.facts_file or 'a list *.flow'} allows it")

    def look_at_all(self, results):
        """With every file proved: what is said to be proved elsewhere is, and no row is idle."""
        proves = {result["files"][0]: result["proves"] for result in results}
        for name in {belief.partition(" ")[2] for result in results for belief in result["takes"]
                     if belief.startswith("function ")}:
            for path in self.files_of(name):
                if path in proves and name not in proves[path]:
                    self.errors.append(f"{path}: error: {name} is not among what is proved of it")
        for row, _ in self.facts:
            if row[0] in ("trust", "believes", "defined", "not-proved") and \
                    tuple(row) not in self.needed:
                self.errors.append(f"{self.project.facts_file}: error: nothing needs the row "
                                   f"'{' '.join(row)}'")

    def result(self):
        """As a target of its own: each error is a goal that is not proved."""
        for error in self.errors:
            print(error)
        for what, why in sorted(self.said.items()):
            if what.split()[0] not in STANDING and what not in self.of_files:
                print(f"flow: believed: {what}: {why}")
        return {"name": "flow", "files": [], "proved": 0, "goals": len(self.errors), "provers": {},
                "believed": sorted(self.said), "why": self.said, "said": [], "functions": {},
                "relies": {}, "seconds": 0}
