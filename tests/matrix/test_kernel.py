"""The arithmetic of the matcher: a large matrix is solved in its own place."""

import numpy as np
import pytest

from bot.matrix import kernel


@pytest.mark.parametrize("size", [1, 7, 64, 301])
@pytest.mark.parametrize("block", [50, 100, 1000])
def test_a_matrix_is_solved_in_its_own_place_as_numpy_would(size, block):
    rng = np.random.default_rng(7)
    made, goal = rng.normal(size=(size, size)), rng.normal(size=(size, 3))
    square = made @ made.T / size + np.eye(size) * kernel.RIDGE
    inverse = np.linalg.inv(square)
    kernel.root(square, block=block)
    solved, spread = kernel.against(square, goal, block=block)
    np.testing.assert_allclose(solved, inverse @ goal, atol=1e-9)
    np.testing.assert_allclose(spread, np.diagonal(inverse), atol=1e-9)


def test_a_badly_conditioned_matrix_of_a_thousand_phrasings_is_solved_all_the_same():
    rng = np.random.default_rng(9)
    # Much alike, as phrasings are: one direction that they all share.
    points = rng.normal(size=(600, 20)) * 0.2 + 1
    points /= np.linalg.norm(points, axis=1)[:, None]
    square = kernel.likeness(points @ points.T) + np.eye(600) * kernel.RIDGE
    goal = rng.normal(size=(600, 4))
    wanted = np.linalg.solve(square, goal)
    kernel.root(square, block=300)
    np.testing.assert_allclose(kernel.against(square, goal, block=300)[0], wanted, atol=1e-9)


def test_a_score_as_if_an_example_had_not_been_seen_is_what_it_is_without_it():
    rng = np.random.default_rng(8)
    points, goal = rng.normal(size=(40, 6)), rng.normal(size=(40, 3)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1)[:, None]
    gram = kernel.likeness((points @ points.T).astype(np.float32))
    solved = kernel.solve(gram.copy(), goal)
    kept = np.arange(40) != 11
    without = kernel.solve(gram[np.ix_(kept, kept)].copy(), goal[kept])
    np.testing.assert_allclose(solved.unseen[11], gram[11, kept] @ without.alpha, atol=1e-3)
