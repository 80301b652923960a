"""This makes small valid blocks and views."""


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def button(**more):
    return {"type": "button", "text": plain(), "action_id": "a", **more}


def section(**more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def options(count, **more):
    return [{"text": plain(), "value": str(n), **more} for n in range(count)]


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": options(2), **more}


def inputs(element, **more):
    return {"type": "input", "label": plain(), "element": element, **more}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}
