"""This is what tests do with the gallery of blocks besides using it as a person."""

OK = {"ok": True, "delivered": True, "acked": True}


def acts(window, name=None):
    """What was sent so far, without the name if only acts of one name are wanted."""
    sent = window.evaluate("gallery.acts")
    if name is None:
        return sent
    return [{k: v for k, v in act.items() if k != "name"} for act in sent if act["name"] == name]


def sent(window, name, count=1):
    """The last of so many acts of this name, once they were sent."""
    window.wait_for_function(
        "([name, count]) => gallery.acts.filter((act) => act.name === name).length >= count",
        arg=[name, count],
    )
    found = acts(window, name)
    assert len(found) == count, found
    return found[-1]


def hold(window, name):
    """The next act of this name is not answered until `release`."""
    window.evaluate(
        "(name) => (gallery.answers[name] = () => new Promise((done) => (gallery.release = done)))",
        name,
    )


def release(window, answer):
    window.evaluate("(answer) => gallery.release(answer)", answer)


def answer(window, name, given):
    window.evaluate("([name, given]) => (gallery.answers[name] = given)", [name, given])


def push(window, case, change):
    window.evaluate("([name, change]) => gallery.push(name, change)", [case, change])


def typed_text(action, text):
    return {action: {action: {"type": "plain_text_input", "value": text}}}


def undrawn(window, around="body"):
    return window.locator(f"{around} [data-undrawn]").evaluate_all(
        "(all) => all.map((one) => one.dataset.undrawn)"
    )
