"""Whom to send to a worker who does not answer, as the worker agreed to it beforehand."""

from enum import StrEnum


class Send(StrEnum):
    """This is one whom people may send, in the order in which they are offered."""

    PARTNER = "partner"
    PAIR = "pair"
    MOBILE_CRISIS = "mobile_crisis"
    EMS = "ems"
    POLICE = "police"
