# SPDX-License-Identifier: MIT
"""Single-steps the kernel and compares what its unwind tables say with what really happened."""
