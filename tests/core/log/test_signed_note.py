"""Notes and checkpoints read and write the examples of their specifications, and refuse everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.signed_note import NoteSignature, SignedNote, SignerKey, VerifierKey, sign_note

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
OURS = SignerKey("example.org/p/save/log", bytes(range(32)))


def test_the_example_of_the_specification_is_accepted() -> None:
    key, note = VerifierKey.parse(KEY), SignedNote.parse(NOTE)
    assert (str(key), str(note)) == (KEY, NOTE)
    assert note.signed_by([OURS.verifier, key]) == (key,)


def test_an_altered_note_is_refused() -> None:
    with pytest.raises(LogError, match="doesn't match"):
        SignedNote.parse(NOTE.replace("example message", "exemple message")).signed_by([VerifierKey.parse(KEY)])


def test_signatures_of_unknown_keys_are_ignored() -> None:
    note = SignedNote.parse(NOTE)
    assert note.signed_by([OURS.verifier]) == ()
    other = SignerKey("example.com/foo", bytes(32)).verifier
    assert note.signed_by([other]) == (), "the name alone identifies no key"


def test_two_keys_of_one_name_sign_one_note() -> None:
    new = SignerKey(OURS.name, b"n" * 32)
    note = SignedNote.parse(str(sign_note("text\n", [OURS, new])))
    assert note.signed_by([OURS.verifier]) == (OURS.verifier,)
    assert note.signed_by([new.verifier]) == (new.verifier,)


@given(st.binary(min_size=32, max_size=32), st.text("abc\n—é ", min_size=0).map(lambda text: text + "\n"))
def test_whatever_is_signed_is_verified(private: bytes, text: str) -> None:
    key = SignerKey("example.org/log", private)
    note = SignedNote.parse(str(sign_note(text, [key])))
    assert note.text == text
    assert note.signed_by([VerifierKey.parse(str(key.verifier))]) == (key.verifier,)


MALFORMED_KEYS = [
    "", "a+b", KEY.replace("530d903a", "530d903b"), KEY.replace("530d903a", "530D903A"), KEY[:-1],
    KEY.replace("foo", "bar"), KEY.replace("+Ae", "+Be"), " ".join(KEY), KEY.replace("example", "exa mple"),
]  # fmt: skip


@pytest.mark.parametrize("line", MALFORMED_KEYS)
def test_a_malformed_key_is_refused(line: str) -> None:
    with pytest.raises(LogError):
        VerifierKey.parse(line)


MALFORMED_NOTES = [
    "", "text\n", "text\n\n", NOTE[:-1], NOTE.replace("— ", "- "), NOTE.replace("\n\n", "\n"),
    NOTE.replace("=\n", "\n"), NOTE.replace("T", "\t"), NOTE + "\n", NOTE.replace("Uw2Q", "Uw 2Q"),
    "text\n\n— a+b AAAAAAAA\n", "text\n\n— a AAAA\n", "text\n\n" + "— a AAAAAAAA\n" * 65,
]  # fmt: skip


@pytest.mark.parametrize("note", MALFORMED_NOTES)
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(LogError):
        SignedNote.parse(note)


@pytest.mark.parametrize("text", ["", "text", "a\tb\n", "a\r\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(LogError):
        sign_note(text, [OURS])


def test_a_signature_has_a_size() -> None:
    assert len(NoteSignature.parse(NOTE.splitlines()[-1]).signature) == 64
    assert not OURS.verifier.has_signed("text\n", b"too short")


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_a_checkpoint_is_three_lines() -> None:
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
    checkpoint = Checkpoint.parse(text)
    assert str(checkpoint) == text
    assert (checkpoint.size, checkpoint.root_text) == (20_852_163, ROOT)
    assert Checkpoint.parse(text + "an extension\n") == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n1\n", f"\n1\n{ROOT}\n", f"a\n01\n{ROOT}\n", f"a\n-1\n{ROOT}\n", f"a\n1\n{ROOT[:-4]}\n", f"a\n1\n{ROOT}",
        f"a\n1\n{ROOT}\n\n", f"a\n1\n{ROOT[:-1]}\n", f"a\n1\n{ROOT} \n", f"a\n١\n{ROOT}\n",
    ],
)  # fmt: skip
def test_anything_else_is_no_checkpoint(text: str) -> None:
    with pytest.raises(LogError):
        Checkpoint.parse(text)
