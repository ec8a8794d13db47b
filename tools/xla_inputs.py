"""What the functions are called on when `tools/xla.py` measures what XLA cannot compile."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf

import keras

TEMPLATES = (
    "x | x, x | x, 1 | x, [1] | square | square, square | i | i, i | b | b, b | image | image, 0.5 | image, [4, 4] | "
    "image, 4, 4 | x, x, x | row, segments | [x, x] | [x, x], 0 | c | [3, 4] | text | text, text | row, segments, 3 | "
    "5 | row | row, row | i, [2, 3] | x > 0.5, x, x | x, 2 | video | square, columns | text, 'a', 'b' | i, 6 | wide | "
    "u8, u8"
).split(" | ")

TABLES = (
    "StaticHashTable",
    "StaticVocabularyTable",
    "experimental.MutableHashTable",
    "experimental.DenseHashTable",
)

CASES: dict[str, str] = {
    "tf.RaggedTensor.to_tensor": "ragged(x[0]).to_tensor()",
    "tf.Print": "tf.compat.v1.Print(x, [x])",
    "tf.audio.decode_wav": "tf.audio.decode_wav(files['wav'])[0]",
    "tf.edit_distance": "tf.edit_distance(sparse_ids, sparse_ids)",
    "tf.histogram_fixed_width": "tf.histogram_fixed_width(x, [0.0, 1.0])",
    "tf.image.adjust_jpeg_quality": "tf.image.adjust_jpeg_quality(image[0], 50)",
    "tf.image.combined_non_max_suppression": (
        "tf.image.combined_non_max_suppression(x[None, :, None, :], x[None, :, :1], 2, 2)[0]"
    ),
    "tf.image.crop_and_resize": "tf.image.crop_and_resize(image, [[0.0, 0.0, 1.0, 1.0]], [0], [4, 4])",
    "tf.image.decode_image": "tf.image.decode_image(files['png'])",
    "tf.image.decode_jpeg": "tf.image.decode_jpeg(files['jpeg'])",
    "tf.image.decode_png": "tf.image.decode_png(files['png'])",
    "tf.image.draw_bounding_boxes": (
        "tf.image.draw_bounding_boxes(image, [[[0.0, 0.0, 1.0, 1.0]]], [[1.0, 0.0, 0.0]])"
    ),
    "tf.image.encode_jpeg": "tf.image.encode_jpeg(tf.cast(image[0], tf.uint8))",
    "tf.image.encode_png": "tf.image.encode_png(tf.cast(image[0], tf.uint8))",
    "tf.image.extract_glimpse": "tf.image.extract_glimpse(image, [2, 2], [[0.0, 0.0]])",
    "tf.image.non_max_suppression_overlaps": "tf.image.non_max_suppression_overlaps(x[:, :3], x[:, 0], 2)",
    "tf.image.non_max_suppression_with_scores": "tf.image.non_max_suppression_with_scores(x, x[:, 0], 2)[1]",
    "tf.image.random_jpeg_quality": "tf.image.random_jpeg_quality(image[0], 50, 60)",
    **{
        f"tf.image.resize(2:method={method})": f"tf.image.resize(image, [6, 10], method={method!r})"
        for method in ("area", "bicubic", "bilinear", "gaussian", "lanczos3", "lanczos5", "mitchellcubic", "nearest")
    },
    "tf.image.resize(4:antialias=True)": "tf.image.resize(image, [6, 10], antialias=True)",
    "tf.image.resize_area": "tf.compat.v1.image.resize_area(image, [6, 10])",
    "tf.image.resize_bicubic": "tf.compat.v1.image.resize_bicubic(image, [6, 10])",
    "tf.image.resize_bilinear": "tf.compat.v1.image.resize_bilinear(image, [6, 10])",
    "tf.image.sample_distorted_bounding_box": (
        "tf.image.sample_distorted_bounding_box([8, 8, 3], [[[0.0, 0.0, 1.0, 1.0]]])[0]"
    ),
    "tf.io.decode_csv": "tf.io.decode_csv(files['csv'], [0.0])[0]",
    "tf.io.decode_raw": "tf.io.decode_raw(word, tf.uint8)",
    "tf.io.encode_base64": "tf.io.encode_base64(word)",
    "tf.io.parse_example": (
        "tf.io.parse_example(files['examples'], {'a': tf.io.FixedLenFeature([], tf.float32, 0.0)})['a']"
    ),
    "tf.io.read_file": "tf.io.read_file(files['path'])",
    "tf.io.serialize_tensor": "tf.io.serialize_tensor(x)",
    "tf.linalg.banded_triangular_solve": "tf.linalg.banded_triangular_solve(square[:2], square)",
    "tf.linalg.experimental.conjugate_gradient": (
        "tf.linalg.experimental.conjugate_gradient(tf.linalg.LinearOperatorFullMatrix(square, is_self_adjoint=True, "
        "is_positive_definite=True), square[0]).x"
    ),
    "tf.linalg.eig": "tf.linalg.eig(square)[0]",
    "tf.linalg.logm": "tf.linalg.logm(tf.cast(square, tf.complex64))",
    "tf.linalg.lstsq(3:fast=False)": "tf.linalg.lstsq(square, square, fast=False)",
    "tf.linalg.lu": "tf.linalg.lu(square)[0]",
    "tf.linalg.sqrtm": "tf.linalg.sqrtm(square)",
    "tf.linalg.tridiagonal_solve": "tf.linalg.tridiagonal_solve(square[:3], square[0])",
    **{
        f"tf.lookup.{name}.lookup": f"tf.cast(tables[{name!r}].lookup(wide[0]), tf.float32) + x[0, 0]"
        for name in TABLES
    },
    **{f"tf.math.segment_{name}": f"tf.math.segment_{name}(x, [0, 0, 1])" for name in "max mean min prod sum".split()},
    **{f"tf.segment_{name}": f"tf.math.segment_{name}(x, [0, 0, 1])" for name in "max mean min prod sum".split()},
    "tf.matrix_determinant": "tf.linalg.det(square)",
    "tf.nn.ctc_beam_search_decoder": "tf.nn.ctc_beam_search_decoder(x[:, None, :], [3])[1]",
    "tf.nn.ctc_greedy_decoder": "tf.nn.ctc_greedy_decoder(x[:, None, :], [3])[1]",
    "tf.nn.dilation2d": "tf.nn.dilation2d(image, filters, [1] * 4, 'SAME', 'NHWC', [1] * 4)",
    "tf.nn.embedding_lookup_sparse": "tf.nn.embedding_lookup_sparse(x, sparse_wide, None)",
    "tf.nn.erosion2d": "tf.nn.erosion2d(image, filters, [1] * 4, 'SAME', 'NHWC', [1] * 4)",
    "tf.nn.fractional_avg_pool": "tf.nn.fractional_avg_pool(image, [1, 1.4, 1.4, 1])[0]",
    "tf.nn.fractional_max_pool": "tf.nn.fractional_max_pool(image, 1.4)[0]",
    "tf.nn.isotonic_regression": "tf.nn.isotonic_regression(x)[0]",
    "tf.nn.max_pool_with_argmax": "tf.nn.max_pool_with_argmax(image, 2, 2, 'VALID')[0]",
    "tf.nn.nce_loss": "tf.nn.nce_loss(square, row, ids, x, 2, 4)",
    "tf.nn.safe_embedding_lookup_sparse": "tf.nn.safe_embedding_lookup_sparse(x, sparse_wide)",
    "tf.nn.sampled_softmax_loss": "tf.nn.sampled_softmax_loss(square, row, ids, x, 2, 4)",
    "tf.numpy_function": "tf.numpy_function(lambda a: a, [x], tf.float32)",
    "tf.print": "(tf.print(x), x)[1]",
    "tf.py_func": "tf.compat.v1.py_func(lambda a: a, [x], tf.float32)",
    "tf.py_function": "tf.py_function(lambda a: a, [x], tf.float32)",
    "tf.quantization.quantize_and_dequantize_v2": "tf.quantization.quantize_and_dequantize_v2(x, 0.0, 1.0)",
    "tf.ragged.range": "tf.ragged.range([1, 2]).values",
    "tf.random.experimental.stateless_shuffle": "tf.random.experimental.stateless_shuffle(x, (1, 2))",
    "tf.random.gamma": "tf.random.gamma([2], x)",
    "tf.random.learned_unigram_candidate_sampler": (
        "tf.random.learned_unigram_candidate_sampler(ids, 1, 2, True, 5)[1] + x[0, 0]"
    ),
    "tf.random.log_uniform_candidate_sampler": (
        "tf.random.log_uniform_candidate_sampler(ids, 1, 2, True, 5)[1] + x[0, 0]"
    ),
    "tf.random.poisson": "tf.random.poisson([2], x)",
    "tf.random.stateless_binomial": "tf.random.stateless_binomial([3, 4], (1, 2), 5.0, x)",
    "tf.random.stateless_gamma": "tf.random.stateless_gamma([3, 4], (1, 2), x)",
    "tf.random.stateless_poisson": "tf.random.stateless_poisson([3, 4], (1, 2), x)",
    "tf.random.uniform_candidate_sampler": "tf.random.uniform_candidate_sampler(ids, 1, 2, True, 5)[1] + x[0, 0]",
    "tf.random_gamma": "tf.random.gamma([2], x)",
    "tf.random_poisson": "tf.random.poisson([2], x)",
    "tf.sets.difference": "tf.cast(tf.sets.difference(i[None], i[None]).values, tf.float32) + x[0, 0]",
    "tf.sets.intersection": "tf.cast(tf.sets.intersection(i[None], i[None]).values, tf.float32) + x[0, 0]",
    "tf.sets.size": "tf.cast(tf.sets.size(tf.sets.union(i[None], i[None])), tf.float32) + x[0, 0]",
    "tf.sets.union": "tf.cast(tf.sets.union(i[None], i[None]).values, tf.float32) + x[0, 0]",
    "tf.signal.fftnd": "tf.signal.fftnd(c, [2, 2], [0, 1])",
    "tf.sparse.add": "tf.sparse.add(sparse(x), sparse(x)).values",
    "tf.sparse.bincount": "tf.cast(tf.sparse.bincount(i).values, tf.float32) + x[0, 0]",
    "tf.sparse.concat": "tf.sparse.concat(0, [sparse(x)] * 2).values",
    "tf.sparse.cross": "tf.sparse.cross([text[:, None], text[:, None]]).values",
    "tf.sparse.cross_hashed": "tf.cast(tf.sparse.cross_hashed([i[:, None], i[:, None]]).values, tf.float32)",
    "tf.sparse.fill_empty_rows": "tf.sparse.fill_empty_rows(sparse(x), 0.0)[0].values",
    "tf.sparse.reduce_sum": "tf.sparse.reduce_sum(sparse(x))",
    "tf.sparse.reorder": "tf.sparse.reorder(sparse(x)).values",
    "tf.sparse.reshape": "tf.sparse.reshape(sparse(x), [12]).values",
    "tf.sparse.segment_mean": "tf.sparse.segment_mean(x, [0, 1], [0, 0])",
    "tf.sparse.segment_sqrt_n": "tf.sparse.segment_sqrt_n(x, [0, 1], [0, 0])",
    "tf.sparse.segment_sum": "tf.sparse.segment_sum(x, [0, 1], [0, 0])",
    "tf.sparse.slice": "tf.sparse.slice(sparse(x), [0, 0], [2, 2]).values",
    "tf.sparse.softmax": "tf.sparse.softmax(sparse(x)).values",
    "tf.sparse.sparse_dense_matmul": "tf.sparse.sparse_dense_matmul(sparse(x), square)",
    "tf.sparse.split": "tf.sparse.split(sparse(x), 2, 1)[0].values",
    "tf.sparse.to_indicator": "tf.cast(tf.sparse.to_indicator(sparse_ids, 4), tf.float32) + x[0, 0]",
    "tf.sparse.transpose": "tf.sparse.transpose(sparse(x)).values",
    "tf.as_string": "tf.as_string(x)",
    "tf.strings.as_string": "tf.strings.as_string(x)",
    "tf.strings.format": "tf.strings.format('{}', x)",
    "tf.strings.join": "tf.strings.join([tf.as_string(x), 'a'])",
    "tf.strings.length": "tf.strings.length(tf.as_string(x))",
    "tf.strings.ngrams": "tf.strings.ngrams(tf.as_string(x), 2)",
    "tf.strings.regex_replace": "tf.strings.regex_replace(tf.as_string(x), 'a', 'b')",
    "tf.strings.split": "tf.strings.split(tf.as_string(x[0])).values",
    "tf.strings.substr": "tf.strings.substr(tf.as_string(x), 0, 1)",
    "tf.strings.to_hash_bucket": "tf.strings.to_hash_bucket(tf.as_string(x), 3)",
    "tf.strings.to_hash_bucket_fast": "tf.strings.to_hash_bucket_fast(tf.as_string(x), 3)",
    "tf.strings.to_hash_bucket_strong": "tf.strings.to_hash_bucket_strong(tf.as_string(x), 3, [1, 2])",
    "tf.strings.to_number": "tf.strings.to_number(tf.as_string(x))",
    "tf.strings.unicode_decode": "tf.strings.unicode_decode(text, 'UTF-8').values",
    "tf.strings.unicode_encode": "tf.strings.unicode_encode(i, 'UTF-8')",
    "tf.strings.unicode_split": "tf.strings.unicode_split(text, 'UTF-8').values",
    "tf.strings.unicode_transcode": "tf.strings.unicode_transcode(text, 'UTF-8', 'UTF-16-BE')",
    "tf.timestamp": "x + tf.cast(tf.timestamp(), tf.float32)",
    "tf.unique_with_counts": "tf.unique_with_counts(tf.reshape(x, [-1]))[0]",
    "tf.keras.backend.ctc_batch_cost": (
        "tf.keras.backend.ctc_batch_cost(tf.constant([[1, 2]]), x[None], tf.constant([[3]]), tf.constant([[2]]))"
    ),
    "tf.keras.backend.ctc_decode": "tf.keras.backend.ctc_decode(x[None], tf.constant([3]))[1]",
    "tf.keras.backend.print_tensor": "(tf.print(x), x)[1]",
    "tf.keras.backend.resize_images(4:interpolation=bicubic)": "tf.image.resize(image, [6, 10], method='bicubic')",
    "keras.ops.ctc_decode": "keras.ops.ctc_decode(x[None], tf.constant([3]))[1]",
    "keras.ops.ctc_loss": "keras.ops.ctc_loss(tf.constant([[1, 2]]), x[None], tf.constant([2]), tf.constant([3]))",
    "keras.ops.image.affine_transform": "keras.ops.image.affine_transform(image, transform)",
    "keras.ops.image.map_coordinates": "keras.ops.image.map_coordinates(x, [x, x], order=1)",
    "keras.ops.image.perspective_transform": "keras.ops.image.perspective_transform(image, corners, corners)",
    **{
        f"keras.ops.image.resize(2:interpolation={method})": (
            f"keras.ops.image.resize(image, (6, 10), interpolation={method!r})"
        )
        for method in ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")
    },
    "keras.ops.image.resize(3:antialias=True)": "keras.ops.image.resize(image, (6, 10), antialias=True)",
    "keras.random.beta": "keras.random.beta((3, 4), x, x)",
    "keras.random.binomial": "keras.random.binomial((3, 4), x * 5, x)",
    **{
        f"keras.layers.UpSampling2D(2:interpolation={method})": (
            f"keras.layers.UpSampling2D(2, interpolation={method!r})(image)"
        )
        for method in ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")
    },
    **{
        f"keras.layers.Resizing(2:interpolation={method})": (
            f"keras.layers.Resizing(6, 10, interpolation={method!r})(image)"
        )
        for method in ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")
    },
    # Random layers that do not say `supports_jit = False` although they should.
    "keras.layers.AugMix": "layer('AugMix')(image, training=True)",
    "keras.layers.CutMix": "layer('CutMix')(image, training=True)",
    "keras.layers.MixUp": "layer('MixUp')(image, training=True)",
    "keras.layers.RandAugment": "layer('RandAugment')(image, training=True)",
    "keras.layers.RandomElasticTransform": "layer('RandomElasticTransform', 1.0)(image, training=True)",
}
"""What has to be called in a way of its own: an expression of the values in `namespace`. A name with `(2:method=area)`
stands for a call that gives that value to the parameter, third by position."""


def namespace() -> dict[str, Any]:
    """The values that templates and cases name."""
    random = np.random.default_rng(0)

    def floats(*shape: int) -> Any:
        return tf.constant(random.random(shape), tf.float32)

    return {
        "tf": tf,
        "keras": keras,
        "x": floats(3, 4),
        "row": floats(4),
        "columns": floats(4, 2),
        "square": tf.constant(np.eye(4) * 3 + 0.1, tf.float32),
        "image": floats(1, 8, 8, 3),
        "filters": floats(2, 2, 3),
        "video": floats(1, 4, 4, 4, 3),
        "c": tf.complex(floats(4, 4), floats(4, 4)),
        "corners": tf.constant([[[0.0, 0.0], [0.0, 8.0], [8.0, 0.0], [8.0, 7.0]]]),
        "transform": tf.constant([[1.0, 0, 0, 0, 1, 0, 0, 0]]),
        "i": tf.constant([0, 1, 1, 2, 2, 2]),
        "segments": tf.constant([0, 1, 1, 2]),
        "ids": tf.constant([[1], [1], [1]], tf.int64),
        "wide": tf.constant([[1, 2], [3, 4]], tf.int64),
        "u8": tf.constant([[1, 2]], tf.uint8),
        "b": tf.constant([True, False, True, True]),
        "text": tf.constant(["a", "bc", "d e"]),
        "word": tf.constant("abc"),
        "files": files(floats(8, 8, 3), floats(16, 1)),
        "sparse": lambda x: tf.SparseTensor([[0, 1]], x[0, :1], [3, 4]),
        "sparse_ids": tf.sparse.from_dense(tf.constant([[1, 2]])),
        "sparse_wide": tf.sparse.from_dense(tf.constant([[1, 2]], tf.int64)),
        "ragged": lambda row: tf.RaggedTensor.from_row_lengths(row, [1, 3]),
        "layer": cache(lambda name, *arguments: getattr(keras.layers, name)(*arguments)),
        "tables": {name: table(name) for name in TABLES},
    }


def files(image: Any, sound: Any) -> dict[str, Any]:
    """Contents of files by kind, and the path of one."""
    pixels = tf.cast(image * 255.0, tf.uint8)
    return {
        "csv": tf.constant(["1.5"]),
        "examples": tf.constant([b""]),  # an example without features
        "jpeg": tf.io.encode_jpeg(pixels),
        "path": tf.constant(__file__),
        "png": tf.io.encode_png(pixels),
        "wav": tf.audio.encode_wav(sound, 16000),
    }


def table(name: str) -> Any:
    """A lookup table of the class."""
    cls = getattr(tf.lookup.experimental, name.partition(".")[2]) if "." in name else getattr(tf.lookup, name)
    if name.startswith("experimental.Mutable"):
        return cls(tf.int64, tf.int64, -1)
    if name.startswith("experimental."):
        return cls(tf.int64, tf.int64, -1, empty_key=-2, deleted_key=-3)
    keys = tf.constant([1, 2], tf.int64)
    return cls(tf.lookup.KeyValueTensorInitializer(keys, keys), 1 if "Vocabulary" in name else -1)
