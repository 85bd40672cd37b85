"""What `spondyl` offers: complete, without anything twice, documented, and known to type checkers."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import projections
import registry
import spondyl
from projections.statistics import public_names
from registry import errors
from registry.errors import RegistryError

ROOT = Path(__file__).parents[2]
PACKAGES = (registry, projections)
DOORS = (*PACKAGES, public_names)
ROOMS = ("checks", "derived", "stated", "statistics", "therapy", "verdicts")  # every function in them is public, but:
KERNELS = {  # modules that have none
    "checks/centre_names.py": "one rule, for `all_warnings`",
    "checks/checked_facts.py": "what rules look at, for `all_warnings`",
    "checks/condition_overlaps.py": "one rule, for `all_warnings`",
    "checks/course_overlaps.py": "three rules, for `all_warnings`",
    "checks/findings.py": "what rules give, for `all_warnings`",
    "checks/implausible_days.py": "five rules, for `all_warnings`",
    "checks/impossible_courses.py": "two rules, for `all_warnings`",
    "checks/scales.py": "part of a rule, for `all_warnings`",
    "checks/spelling.py": "how names are compared, for `all_warnings`",
    "checks/captured_values.py": "the numbers that were captured, for `implausible`",
    "checks/stated_days.py": "which days were stated, for `all_warnings`",
    "checks/visit_days.py": "two rules, for `all_warnings`",
    "statistics/chi_squared_of.py": "several sums at once, for the tests of several groups or coefficients",
    "statistics/exact_ties.py": "the exact likelihood of tied events, for `cox`",
    "statistics/newton.py": "how a likelihood is climbed, for the models",
    "statistics/risk_sets.py": "who is at risk with what, for `cox` and `proportional_hazards`",
    "statistics/ordering.py": "how numbers are compared, for the statistics",
    "statistics/permutations.py": "exact distributions, for the rank tests",
    "statistics/printed_p.py": "which n a printed p belongs to, for `reconcile`",
    "statistics/quantiles.py": "how a quantile lies between values, for summaries",
    "statistics/rounding.py": "how papers print, for tables on screen",
    "therapy/dose_changes.py": "where doses change, for episodes and for days 0",
    "therapy/switches.py": "changes to other agents, for cohorts",
    "therapy/begun_in_gaps.py": "gaps in which another agent was begun, for episodes",
    "therapy/drug_courses.py": "courses as columns of days, for the tables of therapy",
    "therapy/nsaid_index.py": "the NSAID index of periods, for cohorts",
    "therapy/person_time.py": "how long, and who is counted, for the tables of therapy",
}
FOR_OTHER_MODULES = {
    "derived/measures.py": {"captured_at"},
    "derived/responders.py": {"of_agent"},
    "derived/scores.py": {"headlines", "over_all"},
    "derived/visit_summaries.py": {"summaries"},
    "stated/events.py": {"excluded_names", "noted", "recorded", "recorded_stretches", "stretches"},
    "stated/findings.py": {"graded"},
    "stated/imaging.py": {"study_references"},
    "stated/treatments.py": {"doses"},
    "stated/visits.py": {"ordered", "with_measures"},
    "statistics/design.py": {"design"},
    "statistics/late_entry.py": {"ever_at_risk", "intervals"},
    "statistics/mcnemar.py": {"fewer_changed"},
    "statistics/regression.py": {"coefficients"},
    "statistics/cluster_bootstrap.py": {"per_100_years", "reduction", "share"},
    "statistics/cox.py": {"fit", "prepare", "unfittable"},
    "statistics/contingency.py": {"counts_in_groups", "untestable"},
    "statistics/binary_regression.py": {"logistic_slope", "sandwich", "unfittable"},
    "statistics/groups_at_risk.py": {"groups_at_risk", "outcome_of", "untestable"},
    "statistics/rate_ratio.py": {"ratio_of_rates"},
    "statistics/results.py": {"why_not_compared"},
    "statistics/risk_table.py": {"limits"},
    "therapy/exposure.py": {"exposure_table", "washout_table"},
    "therapy/flare_rates.py": {"of_spans"},
    "therapy/flares_after_stop.py": {"of_spans"},
    "therapy/patient_years.py": {"of_spans"},
    "therapy/treatment_episodes.py": {"episodes_of", "with_days"},
    "therapy/treatment_lines.py": {"with_days"},
    "verdicts/lesion_verdicts.py": {"figures"},
    "verdicts/verdict_agreement.py": {"agreement"},
    "verdicts/verdict_basis.py": {"basis_of"},
}
NEVER_BY_NAME = {  # errors that are caught as what they are a kind of
    "BrokenDatabaseError": "UnreachableError",
    "LockedDatabaseError": "UnreachableError",
    "UnusableDatabaseError": "UnreachableError",
    "UnreadableError": "RefusalError",
    "UnusualPayloadError": "NewerLogError",
}
CONSTANTS = {"ACTIVITY_STATES", "AGENTS", "MEASURES", "TABLES"}
ROOM_FILES = [path for room in ROOMS for path in sorted((ROOT / "projections" / room).glob("*.py"))]


def within_projections(path: Path) -> str:
    return path.relative_to(ROOT / "projections").as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def defined_in(path: Path, kind: type[ast.FunctionDef | ast.ClassDef]) -> set[str]:
    """Return the public names that a module's own statements of a kind define."""
    found = (each.name for each in tree_of(path).body if isinstance(each, kind))
    return {name for name in found if not name.startswith("_")}


def public_in(path: Path) -> set[str]:
    """Return the names of a module that are public."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return {name for door in DOORS for name in door.MODULES.get(module, ())}


def seen_by_type_checkers(package: ModuleType) -> set[tuple[str, str]]:
    """Return the names that a package imports for type checkers only, each with its module."""
    (block,) = (
        each
        for each in tree_of(Path(str(package.__file__))).body
        if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING"
    )
    imports = [each for each in block.body if isinstance(each, ast.ImportFrom)]
    return {(str(each.module), alias.name) for each in imports for alias in each.names}


@pytest.mark.parametrize("name", spondyl.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(spondyl, name)

    if name not in CONSTANTS:
        assert inspect.isclass(found) or inspect.isfunction(inspect.unwrap(found))
        assert found.__name__ == name
        said = vars(found)["__doc__"] if inspect.isclass(found) else found.__doc__
        assert said
        assert not said.startswith(f"{name}(")  # what Python says of a class without documentation


def test_the_documentation_of_spondyl_names_every_public_name() -> None:
    assert set(spondyl.__all__) - set(re.findall(r"\w+", str(spondyl.__doc__))) == set()


def test_public_names_are_sorted_and_none_is_there_twice() -> None:
    offered = Counter(name for door in DOORS for names in door.MODULES.values() for name in names)

    assert [name for name, times in offered.items() if times > 1] == []
    assert spondyl.__all__ == sorted(set(spondyl.__all__))
    assert set(offered) < set(spondyl.__all__)
    assert len({id(getattr(spondyl, name)) for name in spondyl.__all__}) == len(spondyl.__all__)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_type_checkers_know_the_names_of_a_package_from_the_same_modules(door: ModuleType) -> None:
    offered = {(module, name) for module, names in door.MODULES.items() for name in names}

    assert seen_by_type_checkers(door) == offered
    assert set(door.__all__) == {name for _, name in offered}
    assert len(door.__all__) == len(offered)


@pytest.mark.parametrize("package", [spondyl, *DOORS], ids=lambda package: package.__name__)
def test_dir_shows_every_public_name_of_a_package_and_nothing_beside_them(package: ModuleType) -> None:
    assert dir(package) == sorted(package.__all__)


def test_type_checkers_know_all_that_spondyl_adds_up() -> None:
    offered = {name for door in DOORS for name in door.__all__}
    seen = seen_by_type_checkers(spondyl)

    assert {module for module, name in seen if name == "*"} == {door.__name__ for door in DOORS}
    assert {name for _, name in seen if name != "*"} == set(spondyl.__all__) - offered


def test_a_type_checker_takes_the_public_names_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "analysis.py").write_text(
        "import spondyl\nfrom spondyl import Registry, export, kappa, nothing\nspondyl.neither\n", encoding="utf-8"
    )

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", str(tmp_path / "analysis.py")],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    problems = [line for line in checked.stdout.splitlines() if "error:" in line]
    assert len(problems) == 2, checked.stdout + checked.stderr
    assert "nothing" in problems[0]
    assert "neither" in problems[1]


@pytest.mark.parametrize("package", [*DOORS, spondyl], ids=lambda package: package.__name__)
def test_a_package_shows_its_public_names_and_has_no_others(package: ModuleType) -> None:
    assert dir(package) == sorted(package.__all__)
    with pytest.raises(AttributeError, match=f"^module '{package.__name__}' has no attribute 'nothing'$"):
        package.nothing  # noqa: B018


@pytest.mark.parametrize("path", ROOM_FILES, ids=within_projections)
def test_no_public_function_of_a_table_or_a_statistic_is_left_out(path: Path) -> None:
    place = within_projections(path)
    functions = set() if place in KERNELS else defined_in(path, ast.FunctionDef) - {"table"}  # `table`: by `project`

    assert functions - public_in(path) == FOR_OTHER_MODULES.get(place, set())


def test_the_exceptions_are_files_that_there_are() -> None:
    assert {*KERNELS, *FOR_OTHER_MODULES} - {within_projections(path) for path in ROOM_FILES} == set()


def test_the_errors_of_registry_are_those_of_its_room_but_who_is_never_caught_by_name() -> None:
    assert set(registry.MODULES["registry.errors"]) == set(errors.__all__) - set(NEVER_BY_NAME)
    assert "registry.errors" not in started("import spondyl")


def started(statement: str) -> set[str]:
    """Return the modules that a statement imports in a Python of its own."""
    shown = f"{statement}; import sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout.split())


def test_what_a_public_function_returns_is_public() -> None:
    ours = {name: path for path in ROOM_FILES for name in defined_in(path, ast.ClassDef)}
    returned = set()
    for path in ROOM_FILES:
        for each in tree_of(path).body:
            if isinstance(each, ast.FunctionDef) and each.name in public_in(path) and each.returns:
                returned |= set(re.findall(r"\w+", ast.unparse(each.returns))) & set(ours)

    assert len(returned) >= 12
    assert returned - set(spondyl.__all__) == set()


def test_every_error_that_can_be_mended_is_public() -> None:
    for package in PACKAGES:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)

    found, left = {RegistryError}, [RegistryError]
    while left:
        below = left.pop().__subclasses__()
        left += below
        found |= set(below)
    ours = {each.__name__: each for each in found if each.__module__.partition(".")[0] in {"registry", "projections"}}

    assert len(ours) >= 40
    assert set(ours) - set(spondyl.__all__) == set(NEVER_BY_NAME)
    for name, public in NEVER_BY_NAME.items():
        assert issubclass(ours[name], getattr(spondyl, public))
