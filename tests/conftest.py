# SPDX-License-Identifier: MIT
"""Makes tests/ importable for every suite, and builds before the first boot."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "tools"))


def pytest_addoption(parser):
    parser.addoption("--all-profiles", action="store_true",
                     help="tests/debian: the long script too in every profile, on one CPU and two")
