"""This is where the program starts: `belay`, or `python -m bot`."""


def main() -> None:
    """Run the command line."""
    from bot.cli import app

    app()


if __name__ == "__main__":
    main()
