"""``python -m gradcheck`` is the command ``gradcheck``."""

from _gradcheck_command import main

main()
