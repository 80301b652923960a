"""The page's files: what is served, how, and that nothing but the page is."""

import hashlib
import json
import re

import pytest

from sandbox.showing import PAGE, POLICY, TYPES

FILES = sorted(path for path in PAGE.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".mjs"]
OURS = [path for path in SCRIPTS if "vendor" not in path.parts]
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")
WORD = re.compile(r'^  "([a-z0-9_.]+)":\s*(".*"),$', re.MULTILINE)
LINES_MOST = 250


def name_of(path):
    return str(path.relative_to(PAGE))


async def get(world, path, **headers):
    async with world.http.get(f"{world.url}{path}", headers=headers) as answer:
        return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize("path", FILES, ids=name_of)
async def test_every_file_of_the_page_is_served_with_its_type(world, path):
    status, headers, body = await get(world, f"/{name_of(path)}")
    assert (status, body) == (200, path.read_bytes())
    assert headers["Content-Type"] == TYPES[path.suffix]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_stands_at_the_root_with_a_policy_that_lets_nothing_else_in(world):
    status, headers, body = await get(world, "/")
    assert (status, body) == (200, (PAGE / "index.html").read_bytes())
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert "script-src 'self'" in POLICY


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/vendor/../../box.py", "/nothing.mjs", "/css"]
)
async def test_nothing_but_the_page_is_served(world, path):
    status, _, _ = await get(world, path)
    assert status == 404


async def test_a_page_from_elsewhere_gets_neither_files_nor_the_tabs_socket(world):
    for path in ("/", "/_page"):
        status, _, _ = await get(world, path, Origin="http://elsewhere.example")
        assert status == 403


def test_the_vendored_files_are_those_of_the_checksums_and_each_has_its_licence():
    folder = PAGE / "vendor"
    lines = (folder / "checksums.txt").read_text().splitlines()
    listed = {name: sum_ for sum_, name in (line.split("  ") for line in lines)}
    there = {path.name for path in folder.iterdir()} - {"checksums.txt", "ABOUT.txt"}
    assert set(listed) == there
    for name, sum_ in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sum_, name
    about = (folder / "ABOUT.txt").read_text()
    assert all(name in about for name in there)


def test_the_page_loads_nothing_from_anywhere_else():
    text = (PAGE / "index.html").read_text()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert addresses
    assert all((PAGE / address).is_file() for address in addresses), addresses
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_script_imports_only_what_is_there_and_is_short(path):
    text = path.read_text()
    for target in IMPORT.findall(text):
        assert target.startswith("."), target
        assert (path.parent / target).resolve().is_file(), target
    assert len(text.splitlines()) < LINES_MOST


def words(name):
    return {key: json.loads(text) for key, text in WORD.findall((PAGE / name).read_text())}


def places(text):
    return set(re.findall(r"\{(\w+)\}", text))


def test_the_pages_words_are_there_in_both_languages_with_the_same_places():
    english, spanish = words("words_en.mjs"), words("words_es.mjs")
    assert len(english) > 100
    assert set(english) == set(spanish)
    assert [key for key in english if places(english[key]) != places(spanish[key])] == []


def test_every_word_that_the_page_asks_for_is_there_and_none_is_idle():
    known = set(words("words_en.mjs"))
    text = "\n".join(path.read_text() for path in OURS if "blocks" not in path.parts)
    asked = set(re.findall(r'\bt\(\s*"([a-z_.]+)"', text))
    chosen = set(re.findall(r'"([a-z_]+\.[a-z_0-9.]+)"', text)) & known
    # Keys that are put together from a name, such as the title of a panel.
    made = {key for key in known if re.match(r"(trouble|bot|calls|clock|room)\.", key)}
    assert asked - known == set()
    assert known - asked - chosen - made == set()
