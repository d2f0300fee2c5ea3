"""Processes for edited source that may loop, exit, crash or eat the memory: one for each task, none left behind."""

from .executor import contained
from .task import Answered, Loaded, Outcome, Stop, Stopped, Task

__all__ = ["Answered", "Loaded", "Outcome", "Stop", "Stopped", "Task", "contained"]
