# SPDX-License-Identifier: MIT
"""The fault campaign: faults put into services from outside the machine."""
