"""`python -m bot` is the `tocsin` command."""

from bot.cli import main

main()
