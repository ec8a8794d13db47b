"""Names of parameters that take numbers."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.usual import STEPS, VOCABULARY, WIDTH, Named

NUMBERS: tuple[Named, ...] = (
    Named(
        r"^min_?level$",
        ("3", "2", "0"),
        ("keras-cv 0.9.0: FeaturePyramid.min_level",),
    ),
    Named(
        r"^max_?level$",
        ("5", "7", "4"),
        ("keras-cv 0.9.0: FeaturePyramid.max_level",),
    ),
    Named(
        r"(^|_)(target_)?(height|width)$|crop_(height|width)",
        (
            f"{STEPS}",
            "0.1",
            f"{WIDTH}",
        ),
        (
            "keras 3.15.1: CenterCrop.width",
            "keras 3.15.1: CenterCrop.height",
            "keras-cv 0.9.0: FrustumRandomDroppingPoints.phi_width",
        ),
    ),
    Named(
        r"(height|width|zoom|rotation)_factor",
        ("0.1",),
        (
            "keras 3.15.1: RandomTranslation.width_factor",
            "keras 3.15.1: RandomTranslation.height_factor",
            "keras-cv 0.9.0: GridMask.rotation_factor",
        ),
    ),
    Named(
        r"(patch|block|tile|chunk|shift)_size|pool_size|^size$",
        (
            "2",
            "(2, 2)",
            f"{WIDTH}",
        ),
        (
            "keras 3.15.1: UpSampling1D.size",
            "keras 3.15.1: AveragePooling1D.pool_size",
            "keras-hub 0.32.0: SwinTransformerBlock.shift_size",
        ),
    ),
    Named(
        r"window_size",
        (
            "2",
            f"{STEPS}",
            "(2, 2)",
        ),
        (
            "keras-hub 0.32.0: WindowAttention.window_size",
            "keras-hub 0.32.0: QwenAttention.sliding_window_size",
        ),
    ),
    Named(
        r"kernel(_size|s)?$|window(_length)?$|filter_size",
        (
            "3",
            "(3, 3)",
            "2",
        ),
        (
            "keras 3.15.1: MelSpectrogram.window",
            "keras 3.15.1: BaseConv.kernel_size",
            "keras 3.15.1: GroupedQueryAttention.sliding_window",
        ),
    ),
    Named(
        r"stride|dilation|upsampl|downsampl",
        (
            "1",
            "2",
            "(1, 1)",
        ),
        (
            "keras 3.15.1: AveragePooling1D.strides",
            "keras 3.15.1: BaseConv.dilation_rate",
            "keras 3.15.1: MelSpectrogram.sequence_stride",
        ),
    ),
    Named(
        r"epsilon|(^|_)eps$|tolerance|jitter",
        ("1e-3",),
        (
            "keras 3.15.1: BatchNormalization.epsilon",
            "keras-hub 0.32.0: RmsNorm2d.eps",
            "keras-hub 0.32.0: Gemma4AudioAttention.norm_eps",
        ),
    ),
    Named(
        r"momentum|decay",
        ("0.9",),
        (
            "keras 3.15.1: BatchNormalization.momentum",
            "keras 3.15.1: BatchNormalization.renorm_momentum",
            "keras-hub 0.32.0: VectorQuantizerEMA.decay",
        ),
    ),
    Named(
        r"drop|(^|_)rates?$|prob|ratio|fraction",
        (
            "0.25",
            "[0.25, 0.25]",
            "2",
        ),
        (
            "keras 3.15.1: AlphaDropout.rate",
            "keras 3.15.1: Attention.dropout",
            "keras 3.15.1: MelSpectrogram.sampling_rate",
        ),
    ),
    Named(
        r"temperature|(^|_)scale(_factor)?$|expan|multiplier",
        (
            "1.0",
            "2",
        ),
        (
            "keras 3.15.1: BatchNormalization.scale",
            "keras 3.15.1: STFTSpectrogram.expand_dims",
            "keras 3.15.1: BaseDepthwiseConv.depth_multiplier",
        ),
    ),
    Named(
        r"lower|(^|_)min(imum)?(_|$)|start",
        (
            "0.0",
            "0",
            "1",
        ),
        (
            "keras 3.15.1: MelSpectrogram.min_freq",
            "keras 3.15.1: MelSpectrogram.min_power",
            "keras 3.15.1: SKLBase.warm_start",
        ),
    ),
    Named(
        r"upper|(^|_)max(imum)?_(val|value)|(^|_)end$",
        (
            "1.0",
            "4",
        ),
        (
            "keras 3.15.1: ReLU.max_value",
            "keras-cv-attention-models 1.4.3: StableDiffusion.linear_end",
            "keras-hub 0.32.0: UniversalInvertedResidual.dw_kernel_size_end",
        ),
    ),
    Named(
        r"(sequence|seq|time|context|input|output|memory)_(len|length|steps?)",
        (
            f"{STEPS}",
            f"{WIDTH}",
        ),
        (
            "keras 3.15.1: MelSpectrogram.sequence_length",
            "keras 3.15.1: TextVectorization.output_sequence_length",
            "tf-models-official 2.20.0: BertPackInputs.seq_length",
        ),
    ),
    Named(
        r"vocab",
        (f"{VOCABULARY}",),
        (
            "keras-hub 0.32.0: Gemma3nMultimodalEmbedder.vocab_size",
            "tf-models-official 2.20.0: BertTokenizer.vocab_file",
            "keras-hub 0.32.0: Gemma3nMultimodalEmbedder.vocab_offset",
        ),
    ),
    Named(
        r"^(input|in)_dim$",
        (
            f"{WIDTH}",
            f"{VOCABULARY}",
        ),
        ("keras 3.15.1: Embedding.input_dim",),
    ),
    Named(
        r"head(s)?_(dim|size)|key_dim|value_dim|query_dim|size_per_head|dim_(per_)?head",
        (
            f"{WIDTH // 2}",
            f"{WIDTH}",
        ),
        (
            "keras 3.15.1: MultiHeadAttention.key_dim",
            "keras 3.15.1: GroupedQueryAttention.head_dim",
            "keras 3.15.1: MultiHeadAttention.value_dim",
        ),
    ),
    Named(
        r"(^|_)n?_?heads?$|num_.{0,40}heads?|(^|_)groups?$|num_groups",
        (
            "2",
            "1",
        ),
        (
            "keras 3.15.1: BaseConv.groups",
            "keras 3.15.1: MultiHeadAttention.num_heads",
            "keras 3.15.1: GroupedQueryAttention.num_query_heads",
        ),
    ),
    Named(
        r"(^|_)(units|filters?|channels?|dims?|features?|hidden|sizes?|embed(ding)?|ch|planes|"
        r"neurons|nodes|d_model|outputs?|width|latent|projection|state|out|n_out|rank|intermediate|bottleneck|mlp)$|_dim_|dim$",
        (
            f"{WIDTH}",
            f"[{WIDTH}, {WIDTH}]",
        ),
        (
            "keras 3.15.1: BaseConv.rank",
            "keras 3.15.1: GRUCell.units",
            "keras 3.15.1: JaxLayer.state",
        ),
    ),
    Named(
        r"class",
        (
            f"{STEPS}",
            "2",
        ),
        (
            "keras 3.15.1: SensitivityAtSpecificity.class_id",
            "keras 3.15.1: IoU.num_classes",
            "keras 3.15.1: IoU.target_class_ids",
        ),
    ),
    Named(
        r"num|count|(^|_)n(_|$)|(^|_)(n|k|m|depth|order|degree|levels?|repeats?|iterations?|steps?|"
        r"bins?|factor|power|layers?|length|experts?|capacity|hops?|top_k|blocks?|stages?|index|idx|position|id)$",
        (
            "2",
            f"{STEPS}",
            "1",
            "0.5",
        ),
        (
            "keras 3.15.1: TopKCategoricalAccuracy.k",
            "keras 3.15.1: RepeatVector.n",
            "keras 3.15.1: Equalization.bins",
        ),
    ),
    Named(
        r"alpha|beta|gamma|delta|sigma|lambda|std|slope|threshold|limit|keep|cutoff|value|weight|mean|var",
        ("0.5",),
        (
            "keras 3.15.1: Tversky.beta",
            "keras 3.15.1: Normalization.mean",
            "keras 3.15.1: Huber.delta",
        ),
    ),
    Named(
        r"weights$|values$|boundaries|thresholds$|alphas$|factors$|scales$",
        (
            "[0.5, 1.0]",
            "0.5",
        ),
        (
            "keras 3.15.1: Discretization.bin_boundaries",
            "keras-cv 0.9.0: AnchorGenerator.scales",
            "keras-hub 0.32.0: SAM3VisionNeck.scale_factors",
        ),
    ),
    Named(
        r"(^|_)(args|kwargs|params|options|config|settings|dict)$",
        ("{}",),
        (
            "keras 3.15.1: JaxLayer.params",
            "keras 3.15.1: SKLBase.fit_kwargs",
            "keras 3.15.1: SKLBase.model_kwargs",
        ),
    ),
)
"""Sizes, rates and amounts."""
