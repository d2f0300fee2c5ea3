"""``python -m gradcheck`` is the command ``gradcheck``."""

from gradcheck.gate.cli import main

main(prog_name="gradcheck")
