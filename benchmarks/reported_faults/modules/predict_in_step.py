"""A step that calls `predict` of the teacher."""
import numpy as np
import tensorflow as tf
import tf_keras as keras


class Student(keras.Model):
    def __init__(self, teacher):
        super().__init__()
        self.teacher = teacher
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(inputs)

    def train_step(self, data):
        x, _ = data
        goal = self.teacher.predict_on_batch(x)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(goal - self(x, training=True)))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def run():
    model = Student(keras.Sequential([keras.layers.Dense(1)]))
    model.compile("sgd")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
