"""The expressions of a case file, evaluated by numpy: a second reading of what the program is told to solve.

Values may be complex: a derivative is the imaginary part at a point with a tiny imaginary step, exact to rounding.
"""

import keyword
import pathlib
import re

import numpy as np

# The complex step [mm]; its square vanishes against anything. Numpy compares imaginary parts where real ones are equal:
# with this sign a point on an interface is on the side of x <= 0.5, as it is without a step.
STEP = -1e-200
NAME = re.compile(r"[A-Za-z_]\w*")


def _choose(greater):
    def of(a, b):
        a, b = np.broadcast_arrays(a, b)
        return np.where((np.real(a) > np.real(b)) == greater, a, b)

    return of


FUNCTIONS = {"sin": np.sin, "cos": np.cos, "sqrt": np.sqrt, "atan": np.arctan, "min": _choose(False),
             "max": _choose(True), "if_": np.where}  # fmt: skip


def read_options(path):
    """{"Problem/Faces/x-/Condition": "platen"} of a .prm file; what it includes comes first and is overridden."""
    path = pathlib.Path(path)
    options, own, section = {}, {}, []
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        line = " ".join(line.partition("#")[0].split())
        word, _, rest = line.partition(" ")
        if word == "subsection":
            section.append(rest)
        elif word == "end":
            section.pop()
        elif word == "include":
            options.update(read_options(path.parent / rest))
        elif word == "set":
            name, _, value = rest.partition("=")
            own["/".join([*section, name.strip()])] = value.strip()
        elif line:
            raise ValueError(f"{path}: {line}")
    if section:
        raise ValueError(f"{path}: {section} is not closed")
    return {**options, **own}


def _python_name(name):
    """Names that Python keeps for itself end in an underscore."""
    return name + "_" if keyword.iskeyword(name) else name


class Expressions:
    """Constants and definitions of a case; `at` gives them, x, y and z their values at points."""

    def __init__(self, options):
        self.options = options
        self.constants = {}
        for text in filter(None, options.get("Problem/Constants", "").split(",")):
            name, value = text.split("=")
            self.constants[name.strip()] = float(value)
        self.definitions = []
        for text in filter(None, (part.strip() for part in options.get("Problem/Definitions", "").split(";"))):
            name, _, expression = text.partition("=")
            self.definitions.append((_python_name(name.strip()), self._compiled(expression)))

    @staticmethod
    def _compiled(text):
        text = NAME.sub(lambda match: _python_name(match[0]), text.strip()).replace("^", "**")
        return compile(text, text, "eval")

    def at(self, points):
        """{name: value} at an (n, 3) array of points."""
        known = dict(self.constants, x=points[:, 0], y=points[:, 1], z=points[:, 2])
        with np.errstate(all="ignore"):  # the branch not taken of an if
            for name, expression in self.definitions:
                known[name] = self._value(expression, known)
        return known

    @staticmethod
    def _value(expression, known):
        for name in expression.co_names:
            if name not in known and name not in FUNCTIONS:
                raise NameError(f"{name} in {expression.co_filename}")
        return eval(expression, {"__builtins__": {}}, {**FUNCTIONS, **known})

    def values(self, option, points):
        """The expressions of an option, separated by ';', at points: (n, number of expressions)."""
        known = self.at(points)
        with np.errstate(all="ignore"):
            columns = [self._value(self._compiled(text), known) for text in self.options[option].split(";")]
        return np.stack([np.broadcast_to(column, len(points)) for column in columns], axis=-1)

    def gradient(self, option, points):
        """d values / d x_j: (n, number of expressions, 3)."""
        columns = []
        for j in range(3):
            moved = points.astype(complex)
            moved[:, j] += 1j * STEP
            columns.append(np.imag(self.values(option, moved)) / STEP)
        return np.stack(columns, axis=-1)
