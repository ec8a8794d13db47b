"""Names of parameters that take words."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.usual import VOCABULARY, Named

WORDS: tuple[Named, ...] = (
    Named(
        r"^equation$",
        (
            "'ab,bc->ac'",
            "'abc,cd->abd'",
        ),
        ("keras 3.15.1: EinsumDense.equation",),
    ),
    Named(
        r"data_format",
        ("'channels_last'",),
        ("keras 3.15.1: AdaptiveAveragePooling1D.data_format",),
    ),
    Named(
        r"padding",
        (
            "'same'",
            "1",
        ),
        (
            "keras 3.15.1: AveragePooling1D.padding",
            "keras 3.15.1: BaseConvTranspose.output_padding",
            "tf-models-official 2.20.0: BertPackInputs.padding_id",
        ),
    ),
    Named(
        r"(^|_)dtype",
        ("'float32'",),
        (
            "keras 3.15.1: Accuracy.dtype",
            "keras 3.15.1: IndexLookup.vocabulary_dtype",
            "tf-models-official 2.20.0: TransformerBlock.ln_dtype",
        ),
    ),
    Named(
        r"vocabulary$|(^|_)vocab$|vocab_list",
        (
            "['a', 'b', 'c']",
            f"{VOCABULARY}",
        ),
        (
            "keras 3.15.1: IndexLookup.vocabulary",
            "deepchem 2.8.0: GroverModel.atom_vocab",
            "deepchem 2.8.0: GroverModel.bond_vocab",
        ),
    ),
    Named(
        r"interpolation|resize_mode",
        ("'bilinear'",),
        (
            "keras 3.15.1: AugMix.interpolation",
            "keras-hub 0.32.0: MobileNetV5MultiScaleFusionAdapter.interpolation_mode",
            "keras-hub 0.32.0: DINOV2Embedding.antialias_in_interpolation",
        ),
    ),
    Named(
        r"bounding_box_format|(^|_)format$",
        ("'xyxy'",),
        (
            "keras 3.15.1: BaseImagePreprocessingLayer.bounding_box_format",
            "keras-hub 0.32.0: RetinaNetLabelEncoder.encoding_format",
        ),
    ),
    Named(
        r"pooling|(^|_)pool$",
        (
            "'avg'",
            "'mean'",
            "'max'",
        ),
        (
            "spektral 1.3.1: GeneralGNN.pool",
            "keras-hub 0.32.0: PaliGemmaVit.pooling",
            "kgcnn 4.0.2: PAiNNconv.conv_pool",
        ),
    ),
    Named(
        r"normali[sz](ation|er|e)$|(^|_)norm(_type)?$",
        (
            "'layer'",
            "'batch'",
            "True",
        ),
        (
            "bayesflow 2.0.12: ConditionalDenseBlock.norm",
            "sionna 0.19.2: SSFM.t_norm",
            "keras-hub 0.32.0: DismantledBlock.qk_norm",
        ),
    ),
    Named(
        r"merge|aggregat|reduc|combiner|fusion",
        (
            "'sum'",
            "'mean'",
            "'concat'",
        ),
        (
            "keras 3.15.1: MeanSquaredError.reduction",
            "keras 3.15.1: Bidirectional.merge_mode",
            "bayesflow 2.0.12: TimeMLP.merge",
        ),
    ),
    Named(
        r"(^|_)(mode|method|type|kind|variant|strategy|style|scheme)$",
        (
            "'sum'",
            "'mean'",
            "'add'",
            "'default'",
        ),
        (
            "keras 3.15.1: STFTSpectrogram.mode",
            "keras 3.15.1: FlaxLayer.method",
            "keras 3.15.1: BasePooling.pool_mode",
        ),
    ),
    Named(
        r"(^|_)name$|prefix|suffix|(^|_)label$|(^|_)key$",
        ("'given'",),
        (
            "keras 3.15.1: Distiller.name",
            "kgcnn 4.0.2: PadProperty.key",
            "tf-keras 2.21.0: InstanceProperty.attr_name",
        ),
    ),
    Named(
        r"(^|_)(names|keys|labels|tasks|fields|columns)$",
        ("['a', 'b']",),
        (
            "deepchem 2.8.0: SingletaskToMultitask.tasks",
            "tf-models-official 2.20.0: DarkRouteProcess.spp_keys",
            "tensorflow-gnn 1.0.3: KerasModelExporter.output_names",
        ),
    ),
    Named(
        r"trainable|training|residual|shortcut|bidirectional|normalized|affine",
        ("True",),
        (
            "keras 3.15.1: TFSMLayer.trainable",
            "keras 3.15.1: TFSMLayer.call_training_endpoint",
            "tensorflow-addons 0.23.0: TLU.affine",
        ),
    ),
)
"""Strings of which the usual ones are tried."""
