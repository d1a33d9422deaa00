"""The console's interpreter: values, prints, blocks, errors, and names that are always of now."""

from __future__ import annotations

import sys

import pytest

from studio.scripting import Studio
from studio.scripting.interpreter import LONGEST, Interpreter


class Console:
    """What was written, by kind."""

    def __init__(self, model):
        self.studio = Studio(model, backend="torch", device="cpu")
        self.told = []
        self.interpreter = Interpreter(self.studio, lambda text, kind: self.told.append((kind, text)))

    def run(self, text):
        self.told.clear()
        self.interpreter.run(text)
        return "".join(text for kind, text in self.told if kind == "out")

    @property
    def wrong(self):
        return "".join(text for kind, text in self.told if kind == "error")


@pytest.fixture
def console(tiny_model):
    return Console(tiny_model)


def test_values_are_shown_and_kept(console):
    assert console.run("1 + 1") == "2\n"
    assert console.run("_ + 1") == "3\n"
    assert console.run("x = 5") == ""
    assert console.run("None") == ""
    assert console.run("a = 1\nb = a + x\nb") == "6\n"
    assert console.run("print('told'); np.arange(3)") == "told\narray([0, 1, 2])\n"


def test_functions_see_what_is_there_now(console):
    console.run("def jaw():\n    return float(params.jaw_pose[0])")
    console.studio.set_component("jaw_pose", 0, 0.25)
    assert console.run("jaw()") == "0.25\n"
    assert console.run("model.name, document.active, backend.name") == "('tiny', 0, 'torch')\n"


def test_assigning_params_shows_them_in_one_step(console):
    console.run("params = params.replace(jaw_pose=(0.2, 0, 0))")
    assert console.studio.params.jaw_pose[0] == pytest.approx(0.2)
    assert console.studio.steps == ["Parameters"]
    console.run("params = 3")
    assert console.wrong == "3 is no parameters; change some of params by its replace().\n"
    assert console.studio.steps == ["Parameters"]


def test_errors_are_told_and_nothing_ends(console):
    console.run("1 / 0")
    assert console.wrong.startswith("Traceback")
    assert "ZeroDivisionError: division by zero" in console.wrong
    assert "interpreter.py" not in console.wrong
    console.run("studio.look(mode='clay')")
    assert console.wrong.startswith("look.mode cannot be 'clay'")
    assert "Traceback" not in console.wrong
    console.run("if")
    assert "SyntaxError" in console.wrong
    assert "ast.py" not in console.wrong
    console.run("exit()")
    assert "close its window" in console.wrong
    console.run("input('name? ')")
    assert "EOFError" in console.wrong
    assert sys.stdin is sys.__stdin__ or sys.stdin is not None
    assert console.run("'still here'") == "'still here'\n"


def test_endless_output_is_cut(console):
    told = console.run("for i in range(100_000):\n    print('a' * 100)")
    assert len(told) == LONGEST
    assert "the rest is left out" in console.wrong


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("1 + 1", True),
        ("f(", False),
        ("for i in range(3):", False),
        ("for i in range(3):\n    print(i)", False),
        ("for i in range(3):\n    print(i)\n", True),
        ("for i in range(3): print(i)", True),
        ("a = '''text", False),
        ("a = 1\nb = 2", True),
        ("if if", True),
        ("@staticmethod", False),
    ],
)
def test_what_is_whole(console, text, whole):
    assert console.interpreter.is_whole(text) is whole


def test_names_are_completed(console):
    assert "studio.set_component(" in console.interpreter.offers("studio.set_c")
    assert console.interpreter.offers("para") == ["params"]
    assert console.interpreter.offers("nothing_like_this") == []
    assert "params.jaw_pose" in console.interpreter.offers("params.ja")


def test_what_other_threads_print_meanwhile_stays_out_of_the_console(console, capsys):
    console.studio.work = lambda: sys.stdout.write("elsewhere")
    told = console.run(
        "import threading; t = threading.Thread(target=studio.work); t.start(); t.join(); print(1)"
    )
    assert told == "1\n"
    assert capsys.readouterr().out == "elsewhere"
