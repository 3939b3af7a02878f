# SPDX-License-Identifier: MIT
"""The policy's facts as the object gate needs them; capflow reads the same files itself."""

from fnmatch import fnmatchcase
from pathlib import Path

from .unable import Unable


def path_matches(path, glob):
    """Whether a glob names the end of a path, from a folder on."""
    parts = str(path).split("/")
    return any(fnmatchcase("/".join(parts[start:]), glob) for start in range(len(parts)))


class Policy:
    """Facts by their word: lists of operands."""

    def __init__(self, paths):
        self._facts = {}
        for path in paths:
            try:
                lines = Path(path).read_text(encoding="utf-8").splitlines()
            except OSError as error:
                raise Unable(f"{path}: {error.strerror}") from error
            for line in lines:
                words = line.split("#")[0].split()
                if words:
                    self._facts.setdefault(words[0], []).append(words[1:])

    def facts(self, word):
        """The operands of each fact of this word."""
        return self._facts.get(word, [])

    def mints(self):
        """{function: kind}; 'any' for those that take the kind as a number."""
        return dict(self.facts("mint"))

    def privileged(self):
        """{function: kind} of the functions that take a token."""
        return dict(self.facts("privileged"))

    def is_core_file(self, path):
        """May this file reference mints?"""
        return any(path_matches(path, glob) for glob, in self.facts("core-file"))

    def is_service_file(self, path):
        """Does this file belong to a service: code that is held to its tokens?"""
        return any(path_matches(path, glob) for glob, in self.facts("service-file"))

    def is_entitled(self, path, kind):
        """Is this file's service handed tokens of the kind?"""
        return any(kind == wanted and path_matches(path, glob)
                   for wanted, glob in self.facts("entitled"))

    def may_do_raw(self, function, path):
        """May this file call the function, if it is one that cannot take a token (a system call)?"""
        globs = [glob for name, glob in self.facts("raw") if name == function]
        return not globs or any(path_matches(path, glob) for glob in globs)

    def callable_from(self, path):
        """Globs of the symbols that a service's file may reference; empty when it is not limited."""
        return [symbol for symbol, glob in self.facts("service-call") if path_matches(path, glob)]
