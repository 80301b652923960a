"""What people would pick instead, on the same databases: so many jobs due at once of so many kept.

Theirs is measured when an empty job begins, ours when state, history and messages are committed.
Their rows are written straight into their tables: through their own call it would take minutes.
"""

import asyncio
import pickle
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import insert

from tests.bench import grounds
from tests.bench.burst import QUICK, Size, Stalls
from tests.bench.figures import duration, percentile, seen
from tests.report import Row

IN = timedelta(seconds=3)  # from the start until all are due
WITHIN = 180.0
CHUNK = 5_000

_begun: list[float] = []


async def job() -> None:
    """A job that does nothing but say when it began."""
    _begun.append(time.time())


async def measure(quick: bool) -> list[Row]:
    """A row for each that is installed, beside ours."""
    size = QUICK if quick else Size()
    rows = [Row(f"Others: {size.due:,} empty jobs due at once of {size.visits:,}, p99 and stall")]
    for engine in grounds.ENGINES:
        with grounds.database(engine) as (url, _):
            what = f"APScheduler, SQLAlchemyJobStore, {grounds.NAMES[engine]}"
            rows.append(await _row(what, apscheduler(url, size), size))
    what = "procrastinate, PostgreSQL"
    with grounds.database("postgresql") as (url, _):
        rows.append(await _row(what, procrastinate(url, size), size))
    return rows


async def _row(what: str, run: Any, size: Size) -> Row:
    due, stall = await run
    late = [at - due.timestamp() for at in _begun]
    lost = size.due - len(late)
    told = f"{duration(percentile(late, 0.99))}, {duration(stall)}"
    return seen(what, told + (f", {lost} never began" if lost else ""))


async def apscheduler(url: str, size: Size) -> tuple[datetime, float]:
    """Its store on this database; when all were due, and the event loop's longest stall (s)."""
    _begun.clear()
    store = SQLAlchemyJobStore(url=url)
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    due = datetime.now(UTC) + timedelta(days=1)
    kept = scheduler.add_job(job, DateTrigger(due), misfire_grace_time=None, coalesce=False)
    state = pickle.dumps(kept.__getstate__(), pickle.HIGHEST_PROTOCOL)
    later = [(f"later-{n}", due) for n in range(size.visits - size.due)]
    _store(store, later, state, kept)
    now_due = datetime.now(UTC) + IN
    kept.remove()
    ids = [(f"due-{n}", now_due) for n in range(size.due)]
    _store(store, ids, state, kept)
    async with Stalls() as stalls:
        scheduler.resume()
        await _all_begun(size.due)
    scheduler.shutdown(wait=False)
    return now_due, stalls.longest


def _store(store: Any, ids: list[tuple[str, datetime]], state: bytes, like: Any) -> None:
    rows = []
    for id_, at in ids:
        values = {**pickle.loads(state), "id": id_, "next_run_time": at}
        values["trigger"] = DateTrigger(at)
        blob = pickle.dumps(values, pickle.HIGHEST_PROTOCOL)
        rows.append({"id": id_, "next_run_time": at.timestamp(), "job_state": blob})
    with store.engine.begin() as conn:
        for start in range(0, len(rows), CHUNK):
            conn.execute(insert(store.jobs_t), rows[start : start + CHUNK])


async def procrastinate(url: str, size: Size) -> tuple[datetime, float]:
    """One worker of eight slots that looks five times a second."""
    from procrastinate import App, PsycopgConnector
    from sqlalchemy import make_url

    _begun.clear()
    parsed = make_url(url)
    given = {"host": parsed.query["host"], "user": parsed.username, "dbname": parsed.database}
    app = App(connector=PsycopgConnector(kwargs=given))
    task = app.task(name="job")(job)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        far = datetime.now(UTC) + timedelta(days=1)
        await _defer(task, far, size.visits - size.due)
        due = datetime.now(UTC) + IN
        await _defer(task, due, size.due)
        async with Stalls() as stalls:
            working = asyncio.create_task(
                app.run_worker_async(
                    concurrency=8,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=0.2,
                    listen_notify=False,
                )
            )
            await _all_begun(size.due)
        working.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await working
    return due, stalls.longest


async def _defer(task: Any, at: datetime, count: int) -> None:
    for start in range(0, count, CHUNK):
        jobs: list[dict[str, Any]] = [{}] * min(CHUNK, count - start)
        await task.configure(schedule_at=at).batch_defer_async(*jobs)


async def _all_begun(count: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(WITHIN):
            while len(_begun) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
