"""The list of deliberate defects. Each one names the test that must notice it."""

from tests.seeded.delivery_faults import FAULTS as OF_DELIVERY
from tests.seeded.elsewhere_faults import FAULTS as OF_OTHERS
from tests.seeded.fault import Fault
from tests.seeded.handover_faults import FAULTS as OF_HANDOVER
from tests.seeded.history_faults import FAULTS as OF_OURS
from tests.seeded.people_faults import FAULTS as OF_PEOPLE
from tests.seeded.slack_faults import FAULTS as OF_SLACK
from tests.seeded.standing_faults import FAULTS as OF_STANDING
from tests.seeded.time_faults import FAULTS as OF_TIME

GROUPS: dict[str, tuple[Fault, ...]] = {
    "the clock": OF_TIME,
    "delivery": OF_DELIVERY,
    "Slack's door": OF_SLACK,
    "judgement": OF_PEOPLE,
    "handing over, asking everyone": OF_HANDOVER,
    "yeses that count for several": OF_STANDING,
    "more of other systems'": OF_OTHERS,
    "more of our own": OF_OURS,
}
FAULTS: tuple[Fault, ...] = tuple(fault for group in GROUPS.values() for fault in group)


def named(name: str) -> Fault:
    """This is the defect of that name. Raises KeyError where there is none."""
    return {fault.name: fault for fault in FAULTS}[name]
