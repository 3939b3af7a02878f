# SPDX-License-Identifier: MIT
"""Where things are: in this tree, or where `cmake --install` put them.

An installed copy has installed.json beside its folders, with paths relative to itself, so that
the whole prefix may move.
"""

import json
import os
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
_NOTE = HERE / "installed.json"
INSTALLED = _NOTE.is_file()

if INSTALLED:
    _paths = {name: (HERE / path).resolve()
              for name, path in json.loads(_NOTE.read_text(encoding="utf-8")).items()}
    NAME, HELP = "aramid-check", "aramid-check --help"
    INCLUDES = [_paths["include"]]
    PROGRAMS = _paths["programs"]
    RULES = HERE / "rules"
    MAKE_POLICY = HERE / "make-policy"
    WORK = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aramid-check"
else:
    ROOT = HERE.parent
    NAME, HELP = "aramid check", "./aramid help check"
    INCLUDES = [ROOT / "caps/include", ROOT / "annotations/include"]
    PROGRAMS = WORK = ROOT / "build" / "analysis"
    RULES = ROOT / "docs" / "rules"
    MAKE_POLICY = ROOT / "caps/tools/make-policy"
