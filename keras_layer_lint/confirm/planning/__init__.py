"""How to construct a layer and what to call it on, found without being told.

A recipe is taken as it stands. Else calls of the class found in the project, its defaults, and values made up from
names, annotations and uses of its parameters are tried; an error says what to try next.
"""

from keras_layer_lint.confirm.planning.failing import Attempt, Failure
from keras_layer_lint.confirm.planning.plan import Plan
from keras_layer_lint.confirm.planning.search import SECONDS, first_working

__all__ = ["SECONDS", "Attempt", "Failure", "Plan", "first_working"]
