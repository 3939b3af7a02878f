# SPDX-License-Identifier: MIT
"""A campaign that plants faults in copies of the real sources and counts which are flagged."""
