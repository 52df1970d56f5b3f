"""QR symbols of links, fast: each byte of a link turns modules of its own, which are known after its first link.

segno's own call takes hundreds of times as long, most of it to compare eight masks (ISO/IEC 18004, 7.8.3). Readers take
any of them, so all symbols here have the one that is best on average for links like ours: its penalty is 3% above that
of the best mask for each link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial, reduce
from itertools import chain, count
from operator import itemgetter, xor
from typing import Any

import segno
from segno import consts, encoder

MASK = 2
_CAPACITIES: Any = consts.SYMBOL_CAPACITY
_CODEWORDS: Any = consts.ECC
_LEVEL = consts.ERROR_LEVEL_M
_BYTE_MODE, _END, _PADDING = "4", "000", bytes((0xEC, 0x11))  # segno ends with a byte more than it must
_KEPT = 8192  # bytes at their places in links: a few hundred bytes of memory each
_LARGEST, _LONG_COUNT = 40, 10  # versions; from the latter on, the number of characters takes two bytes
_EMPTY = 2  # a module that no pattern needs, for segno


@dataclass(frozen=True)
class Symbol:
    """A square of modules. Each row of `rows` is as many bytes, the first module being the highest bit; 1 is dark."""

    size: int
    rows: bytes


def symbol_of(link: str) -> Symbol:
    """The smallest symbol that holds a link, with error correction M.

    Raises:
        ValueError: the link is longer than a QR code can hold (about 2,300 bytes).
    """
    text = link.encode()
    version = _version(len(text))
    modules = reduce(xor, map(partial(_turned, version), count(), text), _empty(version, len(text)))
    size = _frame(version).size
    return Symbol(size, modules.to_bytes(size * row_bytes(size), "big"))


def row_bytes(size: int) -> int:
    """The bytes of a row in a symbol of a size; light modules fill the last one."""
    return -(-size // 8)


def _version(length: int) -> int:
    for version in range(1, _LARGEST + 1):
        if len(_head(version, length)) * 4 + length * 8 <= _CAPACITIES[version][_LEVEL]:
            return version
    raise ValueError(f"a link of {length} bytes does not fit into a QR code")


def _head(version: int, length: int) -> str:
    """The mode and the number of bytes, in hexadecimal."""
    return f"{_BYTE_MODE}{length:02x}" if version < _LONG_COUNT else f"{_BYTE_MODE}{length:04x}"


@lru_cache(_KEPT)
def _turned(version: int, place: int, byte: int) -> int:
    """The modules that a byte of the text turns, whatever the other bytes are, since the codes are linear."""
    frame, before = _frame(version), len(_head(version, 0)) + 2 * place
    digits = "0" * before + f"{byte:02x}"
    return frame.placed(bytes.fromhex(digits.ljust(2 * frame.room, "0")))


@lru_cache(_KEPT)
def _empty(version: int, length: int) -> int:
    """The symbol of a text of zeros."""
    frame = _frame(version)
    codewords = bytes.fromhex(f"{_head(version, length)}{'00' * length}{_END}") + _PADDING * frame.room
    return frame.patterns ^ frame.placed(codewords[: frame.room])


@dataclass(frozen=True)
class _Blocks:
    """Blocks of one length: how many there are, and the codewords of data and of correction in each."""

    count: int
    data: int
    checks: int

    @property
    def table(self) -> Sequence[int]:
        return _check_table(self.checks)


@dataclass(frozen=True)
class _Frame:
    """All that symbols of one version share. `patterns` is 1 where the bits placed there must be turned."""

    size: int
    blocks: tuple[_Blocks, ...]
    pick: itemgetter[int]
    patterns: int = 0

    @property
    def room(self) -> int:
        """The number of codewords for data."""
        return sum(each.count * each.data for each in self.blocks)

    def placed(self, codewords: bytes) -> int:
        """The bits of the codewords, with those that correct errors, where they belong in the symbol."""
        words = self._interleaved(codewords)
        return int("".join(self.pick(f"{int.from_bytes(words, 'big'):0{len(words) * 8}b}00000000")), 2)

    def _interleaved(self, codewords: bytes) -> bytes:
        """The codewords of all blocks by turns, then those that correct errors."""
        data: list[bytes] = []
        checks: list[bytes] = []
        start = 0
        for each in self.blocks:
            for _ in range(each.count):
                data.append(codewords[start : start + each.data])
                checks.append(_checks(data[-1], each.table, each.checks))
                start += each.data
        return _by_turns(data) + _by_turns(checks)


def _by_turns(blocks: Sequence[bytes]) -> bytes:
    """The first word of each block, then the second of each, and so on; some may have one word more than others."""
    shortest = min(map(len, blocks))
    return bytes(chain.from_iterable(zip(*blocks, strict=False))) + b"".join(block[shortest:] for block in blocks)


def _checks(block: bytes, table: Sequence[int], count: int) -> bytes:
    """The codewords that correct errors: the remainder of a division, a codeword at a time."""
    shift = 8 * (count - 1)
    low, rest = (1 << shift) - 1, 0
    for word in block:
        rest = (rest & low) << 8 ^ table[rest >> shift ^ word]
    return rest.to_bytes(count, "big")


@cache
def _check_table(count: int) -> Sequence[int]:
    """The remainders of all single codewords."""
    info = (_CODEWORDS[1][_LEVEL][0]._replace(num_blocks=1, num_total=count + 1, num_data=1),)
    made = (encoder.make_blocks(info, encoder.Buffer(map(int, f"{word:08b}")))[1][0] for word in range(256))
    return tuple(int.from_bytes(words, "big") for words in made)


@cache
def _frame(version: int) -> _Frame:
    """The frame of a version, compared with a symbol that segno has drawn."""
    size = encoder.calc_matrix_size(version)
    matrix = [list(row) for row in encoder.make_matrix(size, size)]
    encoder.add_finder_patterns(matrix, size, size)
    encoder.add_alignment_patterns(matrix, size, size)
    empty = sum(row.count(_EMPTY) for row in matrix)
    encoder.add_codewords(matrix, range(_EMPTY + 1, _EMPTY + 1 + empty), version)
    filling = [0] * (8 * row_bytes(size) - size)
    places = (module - _EMPTY - 1 if module > _EMPTY else -1 for row in matrix for module in [*row, *filling])
    infos = _CODEWORDS[version][_LEVEL]
    blocks = tuple(_Blocks(each.num_blocks, each.num_data, each.num_total - each.num_data) for each in infos)
    frame = _Frame(size, blocks, itemgetter(*places))
    drawn = segno.make_qr("0", version=version, error="m", mask=MASK, mode="byte", boost_error=False)
    bits = "".join(str(module) for row in drawn.matrix for module in [*row, *filling])
    codewords = bytes.fromhex(f"{_head(version, 1)}{b'0'.hex()}{_END}") + _PADDING * frame.room
    return replace(frame, patterns=int(bits, 2) ^ frame.placed(codewords[: frame.room]))
