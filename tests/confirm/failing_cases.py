"""Layers that cannot be run at all: through a fault of their own, or for all that klint made up.

A line that must be reported ends with `# FAILS` and what the evidence must hold. A class without one must not be
reported; its comment `# NOT RUN` holds what the reason must say.
"""

from __future__ import annotations

FAULTY = """\
{import}
import keras.backend as K
import numpy
from keras import layers


class NeverSet(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, inputs):
        return inputs * self.scale  # FAILS eager: AttributeError: 'NeverSet' object has no attribute 'scale'


class NoSuchOperation(layers.Layer):
    def call(self, inputs):
        return operations.expand_all_dims(inputs)  # FAILS eager: AttributeError: module


class UnitsAsText(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units="four")  # FAILS constructing: {four}

    def call(self, inputs):
        return self.dense(inputs)


class UnitsAsTextInCall(layers.Layer):
    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, inputs):
        return layers.Dense(units="four")(inputs)  # FAILS eager: {four}


class InLambda(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.expand = layers.Lambda(lambda tensor: K.expand_every_dim(tensor, 1))  # FAILS eager: AttributeError: module

    def call(self, inputs):
        return self.expand(inputs)


class Misspelt(layers.Layer):
    def call(self, inputs):
        return inpust * 2.0  # FAILS eager: NameError: name 'inpust' is not defined


class UnknownArgument(layers.Layer):
    def build(self, input_shape):
        self.table = self.add_weight(name="table", shape=(4,), starts_with="ones")  # FAILS eager: TypeError

    def call(self, inputs):
        return inputs * self.table[0]


class ReadBeforeSet(layers.Layer):
    def build(self, input_shape):
        self.part = layers.Dense(self.part)  # FAILS eager: AttributeError: 'ReadBeforeSet' object has no attribute

    def call(self, inputs):
        return self.part(inputs)


class OfAnotherClass(layers.Layer):
    def build(self, input_shape):
        super(NeverSet, self).build(input_shape)  # FAILS eager: TypeError: super(type, obj)

    def call(self, inputs):
        return inputs


class BuiltOnNothing(layers.Layer):
    def build(self, input_shape):
        super(BuiltOnNothing, self).build()  # FAILS eager: TypeError

    def call(self, inputs):
        return inputs


class RemovedFromNumpy(layers.Layer):
    def call(self, inputs):
        return boxes_of(inputs.shape[-1])


def boxes_of(count):
    return numpy.zeros(count, numpy.float)  # FAILS eager: AttributeError: module 'numpy' has no attribute 'float'


class IndexedTable(layers.Layer):
    def __init__(self, sizes, **kwargs):
        super().__init__(**kwargs)
        self.tables = [layers.Embedding(size, 4) for size in sizes]

    def call(self, inputs):
        return [self.tables[at][inputs] for at in range(2)]  # FAILS eager: TypeError: 'Embedding' object is not


class OnTwoInputs(layers.Layer):
    def call(self, inputs):
        left, right = inputs
        return left * self.scale + right  # FAILS eager: AttributeError: 'OnTwoInputs' object has no attribute 'scale'
"""
SOUND = """\
import abc

import keras
from keras import layers

try:
    import no_such_package
    from no_such_package import aggregate
except ImportError:
    no_such_package = None


class Secret(layers.Layer):  # NOT RUN AssertionError
    def __init__(self, secret):
        super().__init__()
        assert secret.encode().hex() == "6f70656e20736573616d65"

    def call(self, inputs):
        return inputs


class IndexedGiven(layers.Layer):  # NOT RUN TypeError
    def __init__(self, tables, **kwargs):
        super().__init__(**kwargs)
        self.tables = tables

    def call(self, inputs):
        if not isinstance(self.tables[0], layers.Embedding):
            raise TypeError("no tables")
        return self.tables[0][inputs]


class OfOneShape(layers.Layer):  # NOT RUN ValueError: 17 rows are wanted
    def call(self, inputs):
        if tuple(inputs.shape)[1:] != (17, 23, 4):
            raise ValueError("17 rows are wanted")
        return inputs


class OfOneKind(layers.Layer):  # NOT RUN AttributeError
    def call(self, graph):
        return graph.senders_of_edges + 1.0


class Optional(layers.Layer):  # NOT RUN aggregate
    def call(self, inputs):
        return aggregate(inputs)


class OptionalModule(layers.Layer):  # NOT RUN NoneType
    def call(self, inputs):
        return no_such_package.aggregate(inputs)


class Adapted(layers.Layer):  # NOT RUN AttributeError: 'Adapted' object has no attribute 'mean'
    def adapt(self, data):
        self.mean = data.mean()

    def call(self, inputs):
        return inputs - self.mean


class Base(layers.Layer):
    def call(self, inputs):
        return self.transformed(inputs)


class Derived(Base):
    def transformed(self, inputs):
        return inputs


class OfMarked(layers.Layer):  # NOT RUN derive from it, such as `OfMarkedParts`
    def call(self, inputs):
        return self.transformed(inputs) + 1.0

    @abc.abstractmethod
    def transformed(self, inputs):
        pass


class OfMarkedParts(OfMarked):
    def transformed(self, inputs):
        return inputs


class OfParts(layers.Layer):  # NOT RUN derive from it, such as `OfTwoParts`
    def call(self, inputs):
        return self.second(self.first(inputs))


class OfTwoParts(OfParts):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first, self.second = layers.Dense(4), layers.Dense(2)


class Abstract(layers.Layer):  # NOT RUN NotImplementedError
    def call(self, inputs):
        raise NotImplementedError


class FromFile(layers.Layer):  # NOT RUN No such file
    def __init__(self, path="words.txt", **kwargs):
        super().__init__(**kwargs)
        with open("words.txt") as file:
            self.words = file.read()

    def call(self, inputs):
        return inputs


class NeedsUnits(layers.Layer):  # NOT RUN TypeError
    def __init__(self, options=None, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(options("units")["of"]["all"])

    def call(self, inputs):
        return self.dense(inputs)


class Unpacks(layers.Layer):  # NOT RUN ValueError
    def call(self, inputs):
        one, two, three, four, five, six, seven, eight, nine = inputs
        if len({tuple(each.shape) for each in inputs}) < 9:
            raise ValueError("nine shapes are wanted")
        return one
"""
