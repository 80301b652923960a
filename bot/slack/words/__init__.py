"""This is every sentence Belay says, in one place: short, kind, plain, and never blaming.

`reasons` answers what somebody did; `news` is what somebody waits for; `names` are the words for
each kind of thing; `labels` stand on buttons and forms; `pages` are for responders.
"""
