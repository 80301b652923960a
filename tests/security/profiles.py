"""How hard the parsers are tried: a little in `make test`, for as long as one likes in `make fuzz`.

In `make test` the examples are the same in every run, so that a failure is nobody's bad luck.
"""

import os

from hypothesis import HealthCheck, settings

HARD = "fuzz"
# Inputs for each parser; the whole takes some minutes on two cores.
MANY = int(os.environ.get("FUZZ_EXAMPLES", "2000"))
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

FEW = settings(max_examples=25, deadline=None, derandomize=True, database=None)
settings.register_profile(
    HARD, max_examples=MANY, deadline=None, derandomize=False, suppress_health_check=_SLOW
)


def tried(few: int) -> settings:
    """So many examples in `make test`; what the profile says where one was loaded for fuzzing."""
    if settings.get_current_profile_name() == HARD:
        return settings(settings.get_profile(HARD), print_blob=True)
    return settings(FEW, max_examples=few, suppress_health_check=_SLOW)
