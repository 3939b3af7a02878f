# SPDX-License-Identifier: MIT
"""Which machines run Debian's programs."""

import guest

ALL_FORMS = [(profile, cpus) for profile in guest.PROFILES for cpus in (1, 2)]


def pytest_generate_tests(metafunc):
    at_length = ALL_FORMS if metafunc.config.getoption("--all-profiles") else [("fortress", 2)]
    for fixture, forms in (("machine_form", at_length), ("any_form", ALL_FORMS)):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, forms, scope="session",
                                 ids=[f"{profile}-{cpus}" for profile, cpus in forms])
