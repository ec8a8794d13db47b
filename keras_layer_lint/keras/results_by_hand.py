"""What API functions return where calling them does not tell. It goes before what was measured.

A name stands here for one of these reasons: no template of `tools/results.py` suits the function, it is a class, what
it returns depends on its arguments, it is called for its effect, or its package cannot be imported today.
"""

from __future__ import annotations

from collections.abc import Mapping

from keras_layer_lint.keras.result import Result

BY_HAND: Mapping[Result, Mapping[str, str]] = {
    # The structure follows the functions or structures given.
    Result.NEST: {
        "jax.lax": "cond fori_loop map scan switch while_loop",
        "keras.backend": "foldl foldr in_test_phase in_train_phase map_fn rnn",
        "keras.ops": "associative_scan cond fori_loop jvp map scan switch vectorized_map while_loop",
        "keras.tree": "map_structure map_structure_up_to",
        "keras.utils": "smart_cond",
        "tensorflow": "case clip_by_global_norm cond foldl foldr map_fn numpy_function parse_example "
        "parse_single_example parse_single_sequence_example py_func py_function scan switch_case vectorized_map "
        "while_loop",
        "tensorflow.__internal__.smart_cond": "smart_cond",
        "tensorflow.io": "decode_proto parse_example parse_sequence_example parse_single_example "
        "parse_single_sequence_example",
        "tensorflow.nest": "map_structure",
        "tensorflow.nn": "ctc_beam_search_decoder ctc_greedy_decoder sufficient_statistics",
    },
    # Classes of static facts, and questions about them.
    Result.STATIC: {
        "keras.backend": "backend dtype epsilon floatx image_data_format is_float_dtype is_int_dtype "
        "is_keras_tensor is_sparse is_tensor ndim result_type standardize_data_format standardize_dtype",
        "keras.initializers": "serialize",
        "keras.ops": "dtype is_tensor ndim result_type",
        "keras.tree": "is_nested",
        "keras.utils": "is_keras_tensor standardize_dtype",
        "numpy": "base_repr binary_repr can_cast dtype finfo iinfo isdtype issubdtype mintypecode promote_types "
        "typename",
        "tensorflow": "DType Graph RaggedTensorSpec SparseTensorSpec TensorSpec as_dtype executing_eagerly "
        "get_static_value is_symbolic_tensor is_tensor",
        "tensorflow.compat": "dimension_at_index dimension_value forward_compatible",
        "tensorflow.debugging": "is_numeric_tensor",
        "tensorflow.dtypes": "DType as_dtype",
        "tensorflow.io.gfile": "exists glob isdir listdir",
        "tensorflow.nest": "is_nested",
        "tensorflow.test": "is_built_with_cuda is_gpu_available",
    },
    Result.SHAPE: {
        "keras.backend": "get_variable_shape int_shape standardize_shape",
        "keras.ops": "broadcast_shapes",
        "numpy": "shape",
        "tensorflow": "TensorShape broadcast_static_shape",
    },
    Result.OPS_SHAPE: {"keras.ops": "shape"},
    Result.TENSOR_ARRAY: {"tensorflow": "TensorArray"},
    # Called for their effect, though some give a tensor that nobody reads.
    Result.NOTHING: {
        "keras.backend": "batch_set_value set_value",
        "keras.tree": "assert_same_paths assert_same_structure",
        "numpy": "copyto fill_diagonal place put put_along_axis putmask",
        "numpy.random": "seed shuffle",
        "tensorflow": "Assert add_to_collection assert_equal assert_greater assert_less assert_rank group no_op print "
        "set_random_seed",
        "tensorflow.debugging": "Assert assert_equal assert_greater assert_greater_equal assert_integer assert_less "
        "assert_less_equal assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        "assert_positive assert_proper_iterable assert_rank assert_rank_at_least assert_rank_in "
        "assert_scalar assert_shapes assert_type",
        "tensorflow.io": "write_file",
        "tensorflow.logging": "debug error info warn warning",
        "tensorflow.nest": "assert_same_structure",
        "tensorflow.random": "set_seed",
        "tensorflow.summary": "audio histogram image scalar text write",
    },
    # The templates do not fit them, or they give a Python number for some arrays.
    Result.NUMPY_VALUE: {
        "keras.backend": "batch_get_value convert_to_numpy eval get_value",
        "keras.ops": "convert_to_numpy",
        "keras.utils": "to_categorical",
        "numpy": "arange bartlett blackman bmat cross diff eye fromfunction fromstring hamming hanning identity kaiser "
        "polyfit tri tril_indices triu_indices unpackbits",
        "numpy.fft": "fftfreq",
        "numpy.linalg": "cholesky cross inv matrix_rank solve tensorinv tensorsolve",
        "numpy.random": "geometric hypergeometric multinomial multivariate_normal rand randn triangular zipf",
        "tensorflow": "make_ndarray",
    },
    Result.VARIABLE: {
        "keras": "Variable",
        "keras.backend": "eye ones random_normal_variable random_uniform_variable variable zeros",
        "tensorflow": "Variable get_local_variable get_variable",
    },
    # Constructors that are classes or class methods; functions that the templates do not fit; functions that hand back
    # what they are given, which in a layer is a tensor. `where` with one argument: see `result_of`.
    Result.TENSOR: {
        "jax.lax": "argmax argmin broadcast conv conv_general_dilated dot dot_general dynamic_slice "
        "dynamic_update_slice expand_dims gather reduce_window rsqrt scatter select stop_gradient",
        "jax.numpy": "where",
        "jax.random": "bernoulli beta categorical choice dirichlet exponential fold_in gamma gumbel laplace normal "
        "permutation poisson randint split truncated_normal uniform",
        "keras.activations": "linear",
        "keras.backend": "bias_add conv1d conv2d_transpose conv3d ctc_batch_cost ctc_label_dense_to_sparse dropout "
        "local_conv2d moving_average_update placeholder pool2d pool3d print_tensor resize_images resize_volumes "
        "stop_gradient switch to_dense update update_add update_sub",
        "keras.layers": "add average concatenate dot maximum minimum multiply subtract",
        "keras.losses": "ctc",
        "keras.ops": "bartlett corrcoef ctc_loss fold isin istft kron rearrange where",
        "keras.ops.image": "affine_transform map_coordinates perspective_transform scale_and_translate ssim",
        "keras.random": "dropout gamma shuffle",
        "tensorflow": "IndexedSlices RaggedTensor.from_nested_row_lengths RaggedTensor.from_nested_row_splits "
        "RaggedTensor.from_row_lengths RaggedTensor.from_row_limits RaggedTensor.from_row_splits "
        "RaggedTensor.from_row_starts RaggedTensor.from_sparse RaggedTensor.from_tensor "
        "RaggedTensor.from_uniform_row_length RaggedTensor.from_value_rowids SparseTensor SparseTensor.from_value "
        "assign assign_add assign_sub batch_scatter_update batch_to_space batch_to_space_nd count_up_to dequantize "
        "extract_volume_patches is_variable_initialized placeholder placeholder_with_default random_index_shuffle "
        "scatter_add scatter_div scatter_max scatter_min scatter_mul scatter_nd_add scatter_nd_sub scatter_nd_update "
        "scatter_sub scatter_update sparse_mask sparse_merge string_to_hash_bucket_strong where",
        "tensorflow.experimental.numpy": "around isinf isneginf isposinf pad round where",
        "tensorflow.image": "decode_and_crop_jpeg extract_glimpse grayscale_to_rgb non_max_suppression_overlaps ssim "
        "ssim_multiscale stateless_random_hue stateless_random_jpeg_quality stateless_random_saturation",
        "tensorflow.io": "decode_and_crop_jpeg deserialize_many_sparse encode_proto",
        "tensorflow.linalg": "lu_matrix_inverse lu_reconstruct lu_solve set_diag tridiagonal_solve",
        "tensorflow.losses": "ctc sparse_categorical_crossentropy",
        "tensorflow.nn": "atrous_conv2d_transpose avg_pool1d avg_pool3d batch_norm_with_global_normalization "
        "conv1d_transpose conv3d conv3d_transpose "
        "ctc_loss depthwise_conv2d_backprop_input dilation2d embedding_lookup_sparse erosion2d max_pool1d max_pool3d "
        "pool safe_embedding_lookup_sparse separable_conv2d with_space_to_batch",
        "tensorflow.quantization": "dequantize",
        "tensorflow.ragged": "map_flat_values placeholder",
        "tensorflow.sets": "size",
        "tensorflow.sparse": "SparseTensor map_values mask reset_shape",
        "tensorflow.strings": "format to_hash_bucket_strong unicode_encode unicode_split unicode_transcode",
    },
    # The templates do not fit them, or the number of results follows an argument.
    Result.TENSORS: {
        "jax.lax": "top_k",
        "keras.backend": "gradients normalize_batch_in_training",
        "keras.ops": "meshgrid svd",
        "tensorflow": "gradients hessians meshgrid quantize quantized_concat sparse_split",
        "tensorflow.experimental.numpy": "meshgrid",
        "tensorflow.image": "combined_non_max_suppression generate_bounding_box_proposals "
        "sample_distorted_bounding_box stateless_sample_distorted_bounding_box",
        "tensorflow.linalg": "svd",
        "tensorflow.linalg.experimental": "conjugate_gradient",
        "tensorflow.nn": "compute_accidental_hits fractional_avg_pool",
        "tensorflow.quantization": "quantize quantized_concat",
        "tensorflow.strings": "unicode_split_with_offsets",
    },
    # These depend on the arguments or on the mode: nothing certain can be said.
    Result.UNKNOWN: {
        "keras.backend": "cast_to_floatx get_session learning_phase symbolic_learning_phase",
        "keras.ops": "custom_gradient",
        "numpy": "errstate frompyfunc nditer nested_iters vectorize",
        "tensorflow": "get_default_graph get_default_session",
        "tensorflow.nest": "flatten pack_sequence_as",
    },
}

# TensorFlow Addons cannot be imported with the TensorFlow of today; its functions are documented to give one tensor.
ADDONS: Mapping[str, str] = {
    "tensorflow_addons.activations": "gelu hardshrink lisht mish rrelu snake softshrink sparsemax tanhshrink",
    "tensorflow_addons.image": "adjust_hsv_in_yiq angles_to_projective_transforms blend compose_transforms "
    "connected_components cutout dense_image_warp equalize euclidean_dist_transform gaussian_filter2d "
    "interpolate_bilinear interpolate_spline mean_filter2d median_filter2d random_cutout random_hsv_in_yiq resampler "
    "rotate sharpness shear_x shear_y transform translate translate_xy",
    "tensorflow_addons.losses": "contrastive_loss focal_loss giou_loss lifted_struct_loss npairs_loss "
    "npairs_multilabel_loss pinball_loss sigmoid_focal_crossentropy sparsemax_loss triplet_hard_loss "
    "triplet_semihard_loss",
    "tensorflow_addons.seq2seq": "gather_tree hardmax safe_cumprod sequence_loss tile_batch",
}
