"""Names of parameters that take objects."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.usual import ARRAY, DENSE, OF_A_LIST, RNN, VOCABULARY, WIDTH, Named

OBJECTS: tuple[Named, ...] = (
    Named(
        r"^(rnn_)?cells$",
        (f"[keras.layers.SimpleRNNCell({WIDTH})]",),
        ("keras 3.15.1: StackedRNNCells.cells",),
    ),
    Named(
        r"(^|_)cell$",
        (
            f"keras.layers.SimpleRNNCell({WIDTH})",
            f"keras.layers.LSTMCell({WIDTH})",
        ),
        ("keras 3.15.1: RNN.cell",),
    ),
    Named(
        r"conv(olution)?(_layer|_block)?$",
        (f"keras.layers.Conv2D({WIDTH}, 3, padding='same')",),
        (
            "tf-models-official 2.20.0: ResidualBlock.skip_conv",
            "keras-cv-attention-models 1.4.3: CompatibleExtractPatches.force_conv",
            "tf-models-official 2.20.0: InputDownsampleBlock.out_channels_initial_conv",
        ),
    ),
    Named(
        r"norm(alization)?(_layer|_block)$",
        (
            "keras.layers.LayerNormalization()",
            "keras.layers.LayerNormalization",
        ),
        (
            "keras-hub 0.32.0: SwinTransformerBlock.norm_layer",
            "tf-models-official 2.20.0: ConvBlock.batch_norm_layer",
        ),
    ),
    Named(
        r"embedding(s)?(_layer|_table)?$",
        (f"keras.layers.Embedding({VOCABULARY}, {WIDTH})",),
        (
            "bayesflow 2.0.12: RecurrentEmbedding.embedding",
            "deepchem 2.8.0: DTNNModel.n_embedding",
            "keras-hub 0.32.0: MaskedLMHead.token_embedding",
        ),
    ),
    Named(
        r"attention(_layer|_block)?$",
        ("keras.layers.MultiHeadAttention(2, 4)",),
        (
            "keras 3.15.1: GroupedQueryAttention.flash_attention",
            "spektral 1.3.1: XENetConvBatch.attention",
            "deepchem 2.8.0: GroverModel.self_attention",
        ),
    ),
    Named(
        r"(^|_)gnn$",
        (
            *OF_A_LIST,
            DENSE,
        ),
        (
            "tf-geometric 0.1.7: DiffPool.feature_gnn",
            "tf-geometric 0.1.7: SAGPool.score_gnn",
        ),
    ),
    Named(
        r"(^|_)(layers|blocks|modules|models|sublayers|branches|experts|transforms)$",
        (f"[{DENSE}]",),
        (
            "keras 3.15.1: Pipeline.layers",
            "keras-cv 0.9.0: DarkNet.blocks",
            "tf-models-official 2.20.0: MoeLayer.experts",
        ),
    ),
    Named(
        r"(^|_)(layer|rnn|block|module|model|network|net|sublayer|wrapped|encoder|decoder|(?<!per_)head|"
        r"tower|projection|mlp|ffn)$",
        (
            DENSE,
            RNN,
            f"keras.Sequential([{DENSE}])",
        ),
        (
            "keras 3.15.1: SpectralNormalization.layer",
            "keras 3.15.1: SKLBase.model",
            "keras 3.15.1: FlaxLayer.module",
        ),
    ),
    Named(
        r"(backbone|feature_extractor)$",
        (
            f"keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Conv2D({WIDTH}, 3, padding='same')])",
            f"keras.Sequential([keras.Input(({WIDTH},)), {DENSE}])",
        ),
        ("tf-models-official 2.20.0: DETR.backbone",),
    ),
    Named(
        r"(^|_)(layer_)?(class|cls|type)$",
        (
            "keras.layers.Dense",
            "'relu'",
        ),
        (
            "tf-models-official 2.20.0: Movinet.se_type",
            "tf-models-official 2.20.0: ClassificationXLNetModel.n_class",
            "sionna 0.19.2: LDPCBPDecoder.cn_type",
        ),
    ),
    Named(
        r"(^|_)(function|fn|func|callable|transform|transformation|operation|op)$",
        ("keras.activations.relu",),
        (
            "keras 3.15.1: JaxLayer.call_fn",
            "keras 3.15.1: JaxLayer.init_fn",
            "keras 3.15.1: Lambda.function",
        ),
    ),
    Named(
        r"activation|nonlinearity|act_fn|(^|_)act$",
        (
            "'relu'",
            "keras.activations.relu",
        ),
        (
            "keras 3.15.1: BaseConv.activation",
            "keras 3.15.1: ConvLSTMCell.recurrent_activation",
            "tf-models-official 2.20.0: BERT2BERTConfig.hidden_act",
            "kgcnn 4.0.2: CGCNNLayer.activation_s",
        ),
    ),
    Named(
        r"initiali[sz](er|ation)|(^|_)init$",
        (
            "'glorot_uniform'",
            "'ones'",
        ),
        (
            "keras 3.15.1: GroupedQueryAttention.bias_initializer",
            "keras 3.15.1: BatchNormalization.beta_initializer",
            "keras 3.15.1: BatchNormalization.gamma_initializer",
        ),
    ),
    Named(
        r"regulari[sz](er|ation)",
        ("'l2'",),
        (
            "keras 3.15.1: GroupedQueryAttention.bias_regularizer",
            "keras 3.15.1: BatchNormalization.beta_regularizer",
            "keras 3.15.1: BatchNormalization.gamma_regularizer",
        ),
    ),
    Named(
        r"constraint",
        ("'non_neg'",),
        (
            "keras 3.15.1: GroupedQueryAttention.bias_constraint",
            "keras 3.15.1: BatchNormalization.beta_constraint",
            "keras 3.15.1: BatchNormalization.gamma_constraint",
        ),
    ),
    Named(
        r"optimizer",
        ("'adam'",),
        (
            "tf-models-official 2.20.0: MultiTaskInterleavingTrainer.optimizer",
            "tf-keras 2.21.0: LossScaleOptimizer.inner_optimizer",
        ),
    ),
    Named(
        r"(^|_)loss(es)?(_fn|_function)?$",
        (
            "'mse'",
            "keras.losses.MeanSquaredError()",
        ),
        (
            "keras 3.15.1: Distiller.distillation_losses",
            "tensorflow-recommenders 0.7.7: Ranking.loss",
            "deepchem 2.8.0: InfoGraphModel.average_loss",
        ),
    ),
    Named(
        r"(^|_)metric$",
        ("keras.metrics.Mean()",),
        (
            "deepchem 2.8.0: GBDTModel.eval_metric",
            "tensorflow-addons 0.23.0: TripletSemiHardLoss.distance_metric",
        ),
    ),
    Named(
        r"metrics$",
        ("[keras.metrics.Mean()]",),
        (
            "tensorflow-recommenders 0.7.7: Ranking.metrics",
            "tensorflow-recommenders 0.7.7: Ranking.loss_metrics",
            "tensorflow-recommenders 0.7.7: Ranking.label_metrics",
        ),
    ),
    Named(
        r"(^|_)(table|matrix|tensor|array|mask|adjacency|kernel_weights)$",
        (ARRAY,),
        (
            "keras 3.15.1: Lambda.mask",
            "keras 3.15.1: InputLayer.input_tensor",
            "keras 3.15.1: RNN.zero_output_for_mask",
        ),
    ),
)
"""Layers, functions, tensors."""
