"""This keeps the clock and the environment behind one door each (docs/decisions/0007)."""

from tests.tidy import tree

CLOCK_READERS = {
    "bot/clock.py": "the port itself",
}
CLOCK_FREE_FOLDERS = ("sandbox/", "tests/", "bench/")
CLOCK_NAMES = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.monotonic",
    "time.monotonic_ns",
    "time.time",
    "time.time_ns",
}

ENVIRONMENT_READERS = {
    "bot/settings.py": "the only reader",
    "bot/__init__.py": "reads nothing: says how many threads numpy takes, before it is imported",
}
ENVIRONMENT_FREE_FOLDERS = ("tests/",)
ENVIRONMENT_NAMES = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}


def test_only_the_clock_port_asks_what_time_it_is():
    readers = uses(CLOCK_NAMES, set(CLOCK_READERS), CLOCK_FREE_FOLDERS)
    assert not readers, tree.listing(
        readers, "Take now() as an argument, or transport time from bot/clock.py."
    )


def test_only_settings_read_the_environment():
    readers = uses(ENVIRONMENT_NAMES, set(ENVIRONMENT_READERS), ENVIRONMENT_FREE_FOLDERS)
    assert not readers, tree.listing(
        readers, "Make it a field of Settings in bot/settings.py and hand that in."
    )


def uses(names, allowed_files, allowed_folders):
    return [
        f"{name}:{line} {used}"
        for name in tree.modules()
        if name not in allowed_files and not name.startswith(allowed_folders)
        for line, used in sorted(set(tree.used_names(name)))
        if used in names
    ]
