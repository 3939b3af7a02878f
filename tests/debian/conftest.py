# SPDX-License-Identifier: MIT
"""Which machines run Debian's programs."""

import guest


def pytest_generate_tests(metafunc):
    if "machine_form" not in metafunc.fixturenames:
        return
    forms = [("fortress", 1), ("ludicrous", 2)]
    if metafunc.config.getoption("--all-profiles"):
        forms = [(profile, cpus) for profile in guest.PROFILES for cpus in (1, 2)]
    metafunc.parametrize("machine_form", forms, scope="session",
                         ids=[f"{profile}-{cpus}" for profile, cpus in forms])
