"""Names of parameters that take truths, counts and shapes."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.usual import BATCH, SIDE, STEPS, VOCABULARY, WIDTH, Named

COUNTS: tuple[Named, ...] = (
    Named(
        r"box(es)?_(\w{1,20}_)?(variances?|std(_dev)?|weights|scales?)$",
        ("[0.1, 0.1, 0.2, 0.2]",),  # one for each number of a box
        ("keras-hub 0.32.0: RetinaNetLabelEncoder.box_variance",),
    ),
    Named(
        r"^batch(_size)?$|^(images|samples)_per_(gpu|replica|device|batch)$",
        (f"{BATCH}",),
        ("keras-cv-attention-models 1.4.3: Input.batch_size",),
    ),
    Named(
        r"init(iali[sz]er)?_(range|std(dev)?|scale|gain|values?)$",
        ("0.1",),
        (
            "keras-hub 0.32.0: MoonshineEncoder.initializer_range",
            "keras-hub 0.32.0: XLNetBackbone.kernel_initializer_range",
        ),
    ),
    Named(
        r"^(use|is|has|with|should|do|return|include|enable|apply|add|share|learn|train)_|(^|"
        r"_)(bias|causal)$",
        ("True",),
        (
            "keras 3.15.1: GroupedQueryAttention.use_bias",
            "keras 3.15.1: GroupedQueryAttention.use_gate",
            "keras 3.15.1: Attention.use_scale",
        ),
    ),
    Named(
        r"num_(tokens|embeddings|words|buckets|types|segments|entities|items|users)|max_tokens",
        (f"{VOCABULARY}",),
        (
            "keras 3.15.1: CategoryEncoding.num_tokens",
            "keras 3.15.1: IndexLookup.max_tokens",
            "keras 3.15.1: IndexLookup.pad_to_max_tokens",
        ),
    ),
    Named(
        r"^(num|n)_(\w+_)?(layers?|blocks?|modules?|models|branches|experts?|transforms?|labels|tasks|"
        r"fields|columns|keys|convs?|encoders?|decoders?|networks?|towers?|head)$",
        (
            "2",
            f"{STEPS}",
            "1",
            "0.5",
        ),
        (
            "keras-hub 0.32.0: VideoPrismEncoder.num_layers",
            "keras-hub 0.32.0: QwenMoeExperts.num_experts",
            "deepchem 2.8.0: LCNNModel.n_conv",
            "deepchem 2.8.0: IRVLayer.n_tasks",
        ),
    ),
    Named(
        r"^(d|dim|size|width)_(of_)?(model|network|encoder|decoder|head|mlp|ffn|layer|block)$",
        (f"{WIDTH}", f"[{WIDTH}, {WIDTH}]"),
        ("tf-models-official 2.20.0: FunnelTransformerEncoder.d_model",),
    ),
    Named(
        r"max(imum)?_(len|length|pos|seq|period|wavelength|time|step)",
        (f"{VOCABULARY}",),
        (
            "keras-hub 0.32.0: TimestepEmbedding.max_period",
            "tf-models-official 2.20.0: PositionEmbedding.max_length",
            "deepchem 2.8.0: Smiles2Vec.max_seq_len",
        ),
    ),
)
"""Truths and counts, whatever it is that they count: these come before all others."""

SHAPES: tuple[Named, ...] = (
    Named(
        r"value_range",
        (
            "(0, 255)",
            "(0, 1)",
        ),
        ("keras 3.15.1: AugMix.value_range",),
    ),
    Named(
        r"(^|_)axes$",
        (
            "-1",
            "(-1,)",
            "1",
        ),
        (
            "keras 3.15.1: EinsumDense.bias_axes",
            "keras 3.15.1: PReLU.shared_axes",
            "keras 3.15.1: MultiHeadAttention.attention_axes",
        ),
    ),
    Named(
        r"axis|(^|_)dims?_to_",
        (
            "-1",
            "1",
        ),
        (
            "keras 3.15.1: PearsonCorrelation.axis",
            "tf-models-official 2.20.0: PositionEmbedding.seq_axis",
            "tf-models-official 2.20.0: Attention.attn_axis",
        ),
    ),
    Named(
        r"target_shape",
        (
            f"({WIDTH},)",
            f"(2, {WIDTH // 2})",
        ),
        (
            "keras 3.15.1: Reshape.target_shape",
            "tf-models-official 2.20.0: AddPositionEmbs.posemb_target_shape",
            "tf-models-official 2.20.0: Encoder.pos_embed_target_shape",
        ),
    ),
    Named(
        r"(image|img)_shape",
        ("(32, 32, 3)",),
        (
            "keras-hub 0.32.0: VideoPrismFactorizedReshape.image_shape",
            "keras-hub 0.32.0: SAM3Embedding.pretrain_image_shape",
        ),
    ),
    Named(
        r"output_shape",
        (
            f"({WIDTH},)",
            f"{WIDTH}",
        ),
        (
            "keras 3.15.1: MultiHeadAttention.output_shape",
            "kgcnn 4.0.2: PoolingNodesGRU.static_output_shape",
        ),
    ),
    Named(
        r"(^|_)shape$",
        (
            f"({WIDTH},)",
            f"(None, {WIDTH})",
            f"({STEPS}, {WIDTH})",
            f"({SIDE}, {SIDE}, 3)",
        ),
        (
            "keras 3.15.1: InputLayer.shape",
            "keras 3.15.1: AlphaDropout.noise_shape",
            "keras 3.15.1: InputLayer.batch_shape",
        ),
    ),
    Named(
        r"(image|img|input|output|target|grid|feature|map)_(size|resolution|res)$",
        (
            f"({SIDE}, {SIDE})",
            f"{SIDE}",
        ),
        (
            "keras 3.15.1: AdaptiveAveragePooling1D.output_size",
            "keras 3.15.1: ContrastLimitedAdaptiveHistogramEqualization.tile_grid_size",
            "keras-hub 0.32.0: AddPositionalEmbedding.img_size",
        ),
    ),
    Named(
        r"^dims$|permutation|^perm$",
        (
            "(1,)",
            "(2, 1)",
        ),
        (
            "keras 3.15.1: Permute.dims",
            "deepchem 2.8.0: LCNNModel.n_permutation_list",
        ),
    ),
    Named(
        r"paddings?$|cropping",
        (
            "1",
            "'same'",
        ),
        ("keras 3.15.1: Cropping1D.cropping",),
    ),
)
"""Shapes, axes and sizes of images."""
