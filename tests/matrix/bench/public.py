"""The same matcher on public data: CLINC150 with ten examples each, and HINT3's live questions.

`folder` holds `clinc_full.json` (clinc/oos-eval) and `hint3/` (hellohaptik/HINT3, v1, with the
platforms' own predictions). None of it is part of the project.
"""

import csv
import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np

from bot.encoders import store
from bot.matrix import kernel, learn, lexical
from tests.matrix.bench.scores import auroc
from tests.report import Row

EXAMPLES, SEEDS = 10, 3
OUTSIDE = "NO_NODES_DETECTED"
RIVALS = ("dialogflow", "luis", "rasa", "haptik", "bert")
SETS = ("sofmattress", "curekart", "powerplay11")


def rows(folder: Path, encoders, cache: Path) -> list[Row]:
    """All public figures beside the published ones."""
    found = [Row("HINT3, questions of live traffic: in scope % / AUROC out of scope")]
    for name in SETS:
        train, test = (
            _read(folder / "hint3" / f"v1_{name}_{part}.csv") for part in ("train", "test")
        )
        share, area = _figures(train, test, OUTSIDE, encoders, cache)
        best, best_area = _best(folder, name)
        met = share > best and area > best_area
        wanted = f"> {100 * best:.1f} / {100 * best_area:.1f}"
        found.append(Row(f"  {name}", f"{100 * share:.1f} / {100 * area:.1f}", wanted, met))
    found.append(Row("CLINC150, ten examples each, three seeds"))
    shares = [_clinc(folder, seed, encoders, cache) for seed in range(SEEDS)]
    share, area = np.mean(shares, axis=0)
    found.append(Row("  in scope", f"{100 * share:.1f} %", ">= 90 %", bool(share >= 0.9)))
    found.append(Row("  AUROC out of scope", f"{100 * area:.1f} %", ">= 96 %", bool(area >= 0.96)))
    return found


def _read(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(one["sentence"], one["label"]) for one in csv.DictReader(lines)]


def _best(folder: Path, name: str) -> tuple[float, float]:
    """The best share and the best area among the five platforms, each on its own."""
    shares, areas = [], []
    for rival in RIVALS:
        with (folder / "hint3" / f"preds_{rival}_{name}.csv").open(encoding="utf-8") as lines:
            found = list(csv.DictReader(lines))
        inside = [one for one in found if one["label"] != OUTSIDE]
        right = sum(one["predicted_node"] == one["label"] for one in inside)
        shares.append(right / len(inside))
        score = [float(one["predicted_node_score"] or 0) for one in found]
        within = [one["label"] != OUTSIDE for one in found]
        areas.append(
            auroc(
                [s for s, w in zip(score, within, strict=True) if w],
                [s for s, w in zip(score, within, strict=True) if not w],
            )
        )
    return max(shares), max(areas)


def _clinc(folder: Path, seed: int, encoders, cache: Path) -> tuple[float, float]:
    data = json.loads((folder / "clinc_full.json").read_text(encoding="utf-8"))
    chosen, groups = random.Random(seed), defaultdict(list)
    for text, label in data["train"]:
        groups[label].append(text)
    train = [
        (text, label) for label in sorted(groups) for text in chosen.sample(groups[label], EXAMPLES)
    ]
    test = [(text, label) for text, label in data["test"] + data["oos_test"]]
    return _figures(train, test, "oos", encoders, cache)


def _figures(train, test, outside: str, encoders, cache: Path) -> tuple[float, float]:
    labels = sorted({label for _, label in train})
    wanted = np.eye(len(labels), dtype=np.float32)[[labels.index(label) for _, label in train]]
    texts, asked = [text for text, _ in train], [text for text, _ in test]
    remembering = [store.Remembering(one, cache) for one in encoders]
    known = {one.name: one.encode(texts) for one in remembering}
    new = {one.name: one.encode(asked) for one in remembering}
    for one in remembering:
        one.keep(forget=False)
    blank = learn.Learned(
        (),
        np.zeros((0, 0)),
        np.zeros((0, 0)),
        known,
        lexical.index(texts, lexical.runs),
        lexical.index(texts, lexical.words),
        learn.SHARES,
    )
    alpha = kernel.solve(_gram(blank, texts, known), wanted).alpha
    scores = _gram(blank, asked, new) @ alpha
    inside = [no for no, (_, label) in enumerate(test) if label != outside]
    away = [no for no, (_, label) in enumerate(test) if label == outside]
    right = sum(labels[int(scores[no].argmax())] == test[no][1] for no in inside)
    top = scores.max(axis=1)
    return right / len(inside), auroc(list(top[inside]), list(top[away]))


def _gram(blank: learn.Learned, texts, vectors):
    return np.stack(
        blank.alike(
            [
                learn.Features(text, {name: v[no] for name, v in vectors.items()})
                for no, text in enumerate(texts)
            ]
        )
    )
