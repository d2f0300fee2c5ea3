"""How many random examples of a case are judged in a second, on one core."""

from __future__ import annotations

import statistics
from importlib import import_module
from importlib.util import find_spec

from gradcheck import Case, report_case
from manual_bp import two_layer

from .measuring import seconds
from .table import Table, Value

EXAMPLES = 200
REPETITIONS = 5


def run(small: bool) -> list[Table]:
    """The article's network, with and without its twin in torch."""
    examples, repetitions = (50, 2) if small else (EXAMPLES, REPETITIONS)
    cases = {"float64": Case(two_layer), "float32": Case(two_layer, dtype="float32")}
    if find_spec("torch"):
        import torch

        torch.set_num_threads(1)
        cases["float64, with its twin"] = Case(two_layer, reference=import_module("reference").two_layer)
    times: dict[str, list[float]] = {name: [] for name in cases}
    reports = {name: report_case(case, examples=30) for name, case in cases.items()}  # imports are done
    for repetition in range(repetitions):
        for name, case in cases.items():

            def judge(name: str = name, case: Case = case, seed: int = 1000 * repetition) -> None:
                reports[name] = report_case(case, examples=examples, seed=seed)

            times[name].append(seconds(judge))
    rows: list[list[Value]] = []
    for name, report in reports.items():
        rate = report.examples / statistics.median(times[name])
        forwards, backwards = report.forwards / report.examples, report.backwards / report.examples
        rows.append([name, report.examples, rate, forwards, backwards, str(report.verdict)])
    columns = ["two_layer", "examples", "examples a second", "forwards each", "backwards each", "verdict"]
    notes = [f"Median of {repetitions} interleaved repetitions, one core, one thread; sizes of 0 to 7."]
    return [Table("Throughput of report_case", columns, rows, notes)]
