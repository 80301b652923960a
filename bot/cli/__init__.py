"""This is the command line, one file for each group of commands."""

import typer

from bot.cli import copies, doctor, duress, keeping, matrix, now, programs, running

app = typer.Typer(
    name="belay",
    help="Belay keeps peer-support workers safe in the field.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would show notes and tokens.
    pretty_exceptions_show_locals=False,
    pretty_exceptions_enable=False,
)
for command in (
    running.run,
    running.demo,
    running.migrate,
    programs.apply,
    programs.check_config,
    now.due,
    now.out,
    now.check_in,
    copies.backup,
    copies.restore,
    keeping.verify_audit,
    keeping.manifest,
    keeping.protocol,
    keeping.records,
    doctor.doctor,
    matrix.who,
):
    app.command()(command)
app.add_typer(programs.place_commands, name="place")
app.add_typer(matrix.matrix_commands, name="matrix")
app.add_typer(keeping.key_commands, name="keys")
app.add_typer(duress.duress_commands, name="duress")
