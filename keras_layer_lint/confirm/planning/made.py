"""Objects that stand in for those a layer is given: a configuration, a tokenizer. Plans name them `klint.Settings`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from keras_layer_lint.confirm.planning.usual import VOCABULARY

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


class Settings(SimpleNamespace):
    """A configuration object: the attributes that the code reads, which are its keys, too.

    Keras saves and loads it by `get_config`.
    """

    def keys(self) -> list[str]:
        """The names of the attributes: it can be handed on with `**`."""
        return list(vars(self))

    def __getitem__(self, name: str) -> Any:
        return vars(self)[name]

    def __contains__(self, name: object) -> bool:
        return name in vars(self)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """One attribute, as of a dict."""
        return vars(self).get(name, otherwise)

    def items(self) -> list[tuple[str, Any]]:
        """The attributes, as of a dict."""
        return list(vars(self).items())

    def get_config(self) -> dict[str, Any]:
        """The attributes."""
        return dict(vars(self))

    to_dict = get_config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Settings:
        """An equal object."""
        return cls(**config)


class Tokenizer:
    """Words to numbers under the usual names of methods: the same number for the same word, always."""

    vocab_size = VOCABULARY
    pad_token_id, unk_token_id, cls_token_id, sep_token_id, mask_token_id = range(5)
    start_token_id, end_token_id = cls_token_id, sep_token_id

    def vocabulary_size(self) -> int:
        """How many tokens there are."""
        return VOCABULARY

    get_vocab_size = vocabulary_size

    def get_vocabulary(self) -> list[str]:
        """All tokens."""
        return [*_SPECIAL, *(f"token{number}" for number in range(len(_SPECIAL), VOCABULARY))]

    def token_to_id(self, token: str) -> int:
        """The number of a token."""
        known = self.get_vocabulary()
        return known.index(token) if token in known else len(_SPECIAL) + sum(map(ord, token)) % (VOCABULARY - 5)

    convert_tokens_to_ids = token_to_id

    def id_to_token(self, number: int) -> str:
        """The token of a number."""
        return self.get_vocabulary()[int(number) % VOCABULARY]

    def tokenize(self, text: Any, **options: Any) -> list[int]:
        """The numbers of the words of a text."""
        return [self.token_to_id(word) for word in str(text).split()]

    encode = __call__ = tokenize

    def detokenize(self, numbers: Any, **options: Any) -> str:
        """The words of some numbers."""
        return " ".join(self.id_to_token(number) for number in numbers)

    decode = detokenize

    def get_config(self) -> dict[str, Any]:
        """Nothing: all tokenizers are alike."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Tokenizer:
        """An equal object."""
        return cls(**config)


TOKENIZER_METHODS = frozenset(name for name in vars(Tokenizer) if not name.startswith("_")) - {
    "get_config",
    "from_config",
}
