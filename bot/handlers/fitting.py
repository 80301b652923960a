"""This tries a change on the whole matrix while the form that asks for it is still open.

So what cannot become a version is said where it was typed, and not first to whoever signs.
"""

import asyncio
from collections.abc import Sequence

from bot.matrix import change
from bot.matrix.change import Change, Outside, Phrase, UnfitError
from bot.matrix.model import Matrix
from bot.slack.ids import Field
from bot.slack.read.payload import BadInput
from bot.slack.render.blocks import typed
from bot.slack.words import proposals as words
from bot.slack.words.speech import _, spoken
from protocol.people import Language


async def unfit(matrix: Matrix, changes: Sequence[Change], field: Field) -> BadInput | None:
    """Why these changes cannot be made; `field` is where the words stand that people say.

    It makes a matrix anew, which is too long for the loop on which the clock runs.
    """
    return await asyncio.to_thread(_unfit, matrix, changes, field)


def _unfit(matrix: Matrix, changes: Sequence[Change], field: Field) -> BadInput | None:
    try:
        change.apply(matrix, changes)
    except UnfitError as problem:
        said = [one.text for one in changes if isinstance(one, Phrase | Outside)]
        stands = [at for text in said for at in change.where_known(matrix, text)]
        if not stands:
            return BadInput(_(words.DOES_NOT_FIT_WHY, why=typed(problem.sentence, 200)))
        row = matrix.by_key.get(stands[0])
        if row is None:
            return BadInput(_(words.KNOWN_OUTSIDE), field)
        title = typed(row.title.in_(Language(spoken())), 120)
        return BadInput(_(words.KNOWN_ROW, row=title), field)
    return None
