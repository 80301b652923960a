"""The list of deliberate defects. Each one names the test that must notice it."""

from tests.seeded.delivery_faults import FAULTS as OF_DELIVERY
from tests.seeded.fault import Fault
from tests.seeded.handover_faults import FAULTS as OF_HANDOVER
from tests.seeded.people_faults import FAULTS as OF_PEOPLE
from tests.seeded.slack_faults import FAULTS as OF_SLACK
from tests.seeded.standing_faults import FAULTS as OF_STANDING
from tests.seeded.time_faults import FAULTS as OF_TIME

FAULTS: tuple[Fault, ...] = (
    *OF_TIME,
    *OF_DELIVERY,
    *OF_SLACK,
    *OF_PEOPLE,
    *OF_HANDOVER,
    *OF_STANDING,
)


def named(name: str) -> Fault:
    """This is the defect of that name. Raises KeyError where there is none."""
    return {fault.name: fault for fault in FAULTS}[name]
