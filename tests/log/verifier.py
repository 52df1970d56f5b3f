"""A verifier of our own for a petition's log. It shares no code with the product, only the public specifications.

It is simple rather than fast: it reads every entry, and hashes the tree again as RFC 6962 defines it. Everything that
it accepts comes from bytes that anyone can download. Whatever is wrong raises RefusedError.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
CLASSES = ("duplicate", "held_back", "invalidated")
Fetch: TypeAlias = Callable[[str], bytes]
"""Reads what the log has below its address, such as `checkpoint`; raises LookupError if there is nothing."""


class RefusedError(Exception):
    """The log, or a proof, isn't what it claims to be."""


@dataclass(frozen=True)
class Head:
    """The values of a checkpoint."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Audit:
    """The head, the number, and its parts, from the tiles alone."""

    head: Head
    received: int
    withdrawn: int
    excluded: Counter[str]

    @property
    def number(self) -> int:
        return self.received - self.withdrawn - self.excluded.total()


@dataclass(frozen=True)
class ProvenEntry:
    """The facts that a proof shows: this signature is this entry of the log, under these words."""

    head: Head
    index: int
    receipt: str
    text: str


def refuse(why: str) -> NoReturn:
    raise RefusedError(why)


def open_checkpoint(note: bytes, key: str) -> Head:
    """The head in a note that the key has signed (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)."""
    try:
        text = note.decode()
    except UnicodeDecodeError:
        refuse("the note isn't UTF-8")
    if re.search(r"[\x00-\x09\x0b-\x1f]", text):
        refuse("the note has control characters")
    body, blank, signatures = text.rpartition("\n\n")
    name, key_id, public = _verifier_key(key)
    if not blank or not signatures.endswith("\n"):
        refuse("the note has no signatures")
    valid = [_is_signed(f"{body}\n", line, name, key_id, public) for line in signatures[:-1].split("\n")]
    if not any(valid):
        refuse("the note has no signature of this key")
    lines = body.split("\n")
    if len(lines) < 3 or not all(lines) or lines[0] != name or not re.fullmatch("0|[1-9][0-9]*", lines[1]):
        refuse("the note isn't a checkpoint of this log")
    return Head(lines[0], int(lines[1]), _hash(lines[2]))


def _verifier_key(key: str) -> tuple[str, bytes, bytes]:
    name, key_id, encoded = key.split("+", 2)
    kind_and_key = _base64(encoded)
    expected = hashlib.sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
    if kind_and_key[:1] != b"\x01" or len(kind_and_key) != 33 or expected.hex() != key_id:
        refuse("not an Ed25519 verifier key")
    return name, expected, kind_and_key[1:]


def _is_signed(text: str, line: str, name: str, key_id: bytes, public: bytes) -> bool:
    match = re.fullmatch("\u2014 ([^ +]+) ([^ ]+)", line)
    if not match:
        refuse("a signature line is malformed")
    signature = _base64(match[2])
    if match[1] != name or signature[:4] != key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], text.encode())
    except InvalidSignature:
        refuse("the signature is wrong")
    return True


def audit(fetch: Fetch, key: str, earlier: bytes | None = None) -> Audit:
    """Read everything that the log publishes, and add it up; `earlier` is a checkpoint that it gave out before."""
    head = open_checkpoint(_get(fetch, "checkpoint"), key)
    entries = list(_entries(fetch, head.size))
    leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    if tree_hash(leaves) != head.root:
        refuse("the entries don't have the checkpoint's root")
    _check_tiles(fetch, leaves)
    if earlier is not None:
        before = open_checkpoint(earlier, key)
        if before.size > head.size:
            refuse("the log shrank")
        if tree_hash(leaves[: before.size]) != before.root:
            refuse("the log isn't the one it was before")
    return _sum(head, entries)


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (RFC 6962, 2.1)."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The address of a tile below that of the log (c2sp.org/tlog-tiles)."""
    digits = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        digits = f"x{number % 1000:03}/{digits}"
    return f"tile/{level}/{digits}" + (f".p/{width}" if width < WIDTH else "")


def _widths(count: int) -> Iterator[tuple[int, int]]:
    """Number and width of each tile that has so many hashes or entries."""
    for start in range(0, count, WIDTH):
        yield start // WIDTH, min(WIDTH, count - start)


def _entries(fetch: Fetch, size: int) -> Iterator[bytes]:
    for number, width in _widths(size):
        data, found = _get(fetch, tile_path("entries", number, width)), 0
        while data:
            length = int.from_bytes(data[:2], "big")
            if len(data) < 2 + length:
                refuse("a bundle ends within an entry")
            found += 1
            yield data[2 : 2 + length]
            data = data[2 + length :]
        if found != width:
            refuse("a bundle has the wrong number of entries")


def _check_tiles(fetch: Fetch, leaves: Sequence[bytes]) -> None:
    """Compare each tile with the hashes that the entries give."""
    level, hashes = 0, list(leaves)
    while hashes:
        for number, width in _widths(len(hashes)):
            expected = b"".join(hashes[number * WIDTH : number * WIDTH + width])
            if _get(fetch, tile_path(level, number, width)) != expected:
                refuse(f"tile {number} of level {level} doesn't belong to the entries")
        full = range(0, len(hashes) - len(hashes) % WIDTH, WIDTH)
        level, hashes = level + 1, [tree_hash(hashes[start : start + WIDTH]) for start in full]


def _sum(head: Head, entries: Sequence[bytes]) -> Audit:
    parsed = [_entry(entry) for entry in entries]
    excluded: Counter[str] = Counter()
    withdrawn: set[int] = set()
    for entry in parsed:
        match entry:
            case {"kind": "withdrawn", "entry": int(index)}:
                if index in withdrawn or index >= len(parsed) or parsed[index]["kind"] != "received":
                    refuse("a withdrawal names no signature that could be withdrawn")
                withdrawn.add(index)
            case {"kind": "excluded" | "restored" as kind, "class": str(name), "number": int(number)}:
                if name not in CLASSES or number < 1:
                    refuse("an exclusion has an unknown class or no number")
                excluded[name] += number if kind == "excluded" else -number
            case {"kind": "received"}:
                continue
            case _:
                refuse("an entry has an unknown form")
    result = Audit(head, sum(entry["kind"] == "received" for entry in parsed), len(withdrawn), excluded)
    if result.number < 0 or min(excluded.values(), default=0) < 0:
        refuse("the sums are impossible")
    return result


def _entry(data: bytes) -> dict[str, Any]:
    """The entry, if it is canonical JSON: our entries have only ASCII text and whole numbers."""
    try:
        entry = json.loads(data)
    except ValueError:
        refuse("an entry isn't JSON")
    if not isinstance(entry, dict) or _canonical(entry) != data:
        refuse("an entry isn't canonical JSON")
    return entry


def _canonical(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def verify_proof(file: bytes, key: str) -> ProvenEntry:
    """The facts that a `.tlog-proof` shows (c2sp.org/tlog-proof)."""
    head_of_file, blank, note = file.partition(b"\n\n")
    lines = head_of_file.decode("ascii", "replace").split("\n")
    if not blank or len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1":
        refuse("not a proof")
    if not lines[1].startswith("extra ") or not re.fullmatch("index (0|[1-9][0-9]*)", lines[2]):
        refuse("the proof lacks a line")
    head, index = open_checkpoint(note, key), int(lines[2][6:])
    opened = _opened(_base64(lines[1][6:]))
    hidden = hashlib.sha256(bytes.fromhex(opened["salt"]) + opened["receipt"].encode()).hexdigest()
    leaf = _canonical({"kind": "received", "receipt": hidden, "text": opened["text"]})
    if not 0 <= index < head.size:
        refuse("the entry isn't within the log")
    if _root_from(leaf, index, head.size, [_hash(line) for line in lines[3:]]) != head.root:
        refuse("the entry isn't in the log")
    return ProvenEntry(head, index, opened["receipt"], opened["text"])


def _opened(extra: bytes) -> dict[str, str]:
    try:
        opened = json.loads(extra)
        bytes.fromhex(opened["salt"])
    except (ValueError, KeyError, TypeError):
        refuse("the proof opens nothing")
    if sorted(opened) != ["receipt", "salt", "text"] or not all(isinstance(one, str) for one in opened.values()):
        refuse("the proof opens nothing")
    return {name: str(value) for name, value in opened.items()}


def _root_from(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    result, place, last = hashlib.sha256(b"\0" + entry).digest(), index, size - 1
    for sibling in path:
        if last == 0:
            refuse("the proof is too long")
        if place % 2 or place == last:
            result = hashlib.sha256(b"\1" + sibling + result).digest()
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\1" + result + sibling).digest()
        place, last = place >> 1, last >> 1
    if last:
        refuse("the proof is too short")
    return result


def _get(fetch: Fetch, path: str) -> bytes:
    try:
        return fetch(path)
    except LookupError:
        refuse(f"the log lacks {path}")


def _hash(text: str) -> bytes:
    value = _base64(text)
    if len(value) != 32:
        refuse("a hash isn't 32 bytes long")
    return value


def _base64(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        refuse("not base64")
    if base64.b64encode(value).decode() != text:
        refuse("not base64 as it should be written")
    return value
