# SPDX-License-Identifier: MIT
"""The modules of the check and of the corpus for these tests; the consumer as a project."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = ROOT / "tests/consumer"
sys.path[:0] = [str(ROOT / "analysis"), str(ROOT / "tests/corpus")]


def consumer_policy(folder):
    """The consumer's policy, made as its users make it."""
    path = folder / "consumer.policy"
    with path.open("w", encoding="utf-8") as file:
        subprocess.run([ROOT / "caps/tools/make-policy", "--kinds", CONSUMER / "rights.def",
                        "--project", CONSUMER / "consumer.policy"], stdout=file, check=True)
    return path


def consumer_database(folder, sources):
    """A compile database of the consumer's sources and perhaps others."""
    words = ["clang-19", "-std=gnu17", "-DARAMID_PROFILE=BALANCED", f"-I{CONSUMER}",
             f"-I{ROOT}/caps/include", f"-I{ROOT}/annotations/include",
             "-DARAMID_CAP_PROJECT_KINDS=<rights.def>", "-c"]
    path = folder / "compile_commands.json"
    path.write_text(json.dumps([{"directory": str(folder), "file": str(source),
                                 "arguments": [*words, str(source)]} for source in sources]))
    return path
