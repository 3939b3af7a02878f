# SPDX-License-Identifier: MIT
"""The parts of ./aramid check, one idea a module."""
