"""The screens of the four stages: the cover, a question, the review, and the outcome."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace

from babel import Locale

from core.conversation import state as ev
from core.conversation.choices import channels
from core.conversation.consent import asks_to_name, consent_lines, updates_line
from core.conversation.machine import fields_to_ask
from core.conversation.notices import notice_line
from core.conversation.questions import (
    asks_country,
    fields_that_apply,
    form_hint,
    hint,
    is_required_here,
    placeholder,
    prefilled_answers,
    suggestions,
)
from core.conversation.scene import (
    Scene,
    choices,
    companion_lines,
    display_value,
    greeting_name,
    handed_in_values,
    phase_lines,
    place_lines,
    progress,
    receipt,
    request_line,
    share_link,
    time_left,
)
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Passage, Prompt, Screen, Style
from core.conversation.state import Overlay, Stage
from core.conversation.typed import SendProof
from core.conversation.whole import read_row
from core.messages import Argument, Message, Words
from core.petition.captions import answer_caption, field_caption
from core.petition.consent import CONFIRM, CONFIRM_NAMED, heading_words
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.platforms import WITHOUT_FORMS
from core.signatures.signature import Outcome, Signature
from core.text.pages import PageSize

_REVIEWED = PageSize(1400)  # of the letter on the review screen, next to the answers


def cover(scene: Scene) -> Screen:
    """The first screen: the request, its target and organizer, and the count."""
    text, petition = scene.text, scene.petition
    parts: list[Part] = [
        Line(text.title, Style.TITLE),
        *phase_lines(petition, petition.phase(scene.now), scene.now),
        Line(request_line(petition)),
        Line(text.summary),
        progress(scene),
        *_time_left(scene),
        *_language_note(scene),
        *_standing(scene),
    ]
    return Screen(tuple(parts), tuple(_cover_buttons(scene)))


def _time_left(scene: Scene) -> Iterator[Part]:
    if scene.petition.is_open(scene.now) and not scene.known.signature:
        yield from (Line(words, Style.NOTE) for words in time_left(scene.petition))


def _language_note(scene: Scene) -> Iterator[Part]:
    written = scene.text.language
    spoken = scene.conversation.locale
    if written.split("_")[0] != spoken.split("_")[0]:
        name = Locale.parse(written).get_display_name(spoken) or written
        yield Line(Message("cover.language", {"language": name}), Style.NOTE)


def _standing(scene: Scene) -> Iterator[Part]:
    """The reader's own situation: signed, started, or recognised."""
    petition, known = scene.petition, scene.known
    if known.signature:
        words = "cover.tried" if petition.is_trial else "cover.signed"
        yield Line(Message(words, _signature_args(petition, known.signature)))
    elif scene.conversation.answers and petition.is_open(scene.now):
        yield Line(Message("cover.begun"), Style.NOTE)
    elif greeting_name(scene) and petition.is_open(scene.now):
        yield Line(Message("cover.greeting", {"name": greeting_name(scene)}))
    if scene.conversation.answers and not (known.signature or petition.is_open(scene.now)):
        yield Line(Message("cover.kept"), Style.NOTE)


def _signature_args(petition: Petition, signature: Signature) -> dict[str, Argument]:
    return {"date": petition.day(signature.signed_at), "number": signature.number, "receipt": signature.receipt}


def _cover_buttons(scene: Scene) -> Iterator[tuple[Button, ...]]:
    sign = Button(Message("button.sign"), ev.Begin(), emphasis=Emphasis.SUCCESS)
    mine = Button(Message("button.my_signatures"), ev.Show(Overlay.SIGNATURES))
    if scene.known.signature:
        yield (Button(Message("button.share"), ev.Show(Overlay.SHARE), emphasis=Emphasis.PRIMARY), mine)
    elif scene.petition.is_open(scene.now):
        yield (sign,)
    yield read_row(scene)
    more = Button(Message("button.more"), ev.Show(Overlay.MORE))
    yield (more,) if scene.known.signature else (Button(Message("button.share"), ev.Show(Overlay.SHARE)), more)
    if scene.conversation.answers:
        words = "button.start_over" if scene.petition.is_open(scene.now) else "button.discard"
        yield (Button(Message(words), ev.Cancel()),)
    elif greeting_name(scene) and not scene.known.signature:
        yield (Button(Message("button.not_me", {"name": greeting_name(scene)}), ev.NotMe()),)


def _form(scene: Scene) -> tuple[Prompt, ...]:
    """All fields that apply; nothing where there are no forms."""
    return () if scene.known.platform in WITHOUT_FORMS else _prompts(scene, tuple(fields_that_apply(scene)))


def _prompts(scene: Scene, fields: tuple[Field, ...]) -> tuple[Prompt, ...]:
    """Fields to ask for, with their words; only the first where a screen asks one question."""
    unseen = prefilled_answers(scene)
    country_asked = asks_country(scene, fields)
    at_once = fields[:1] if scene.known.platform in WITHOUT_FORMS else fields
    return tuple(_prompt(scene, field, unseen, country_asked=country_asked) for field in at_once)


def _prompt(scene: Scene, field: Field, unseen: Container[str], *, country_asked: bool) -> Prompt:
    conversation, text = scene.conversation, scene.text
    error, names = conversation.errors.get(field.name), field.name == scene.petition.named_if
    return Prompt(
        replace(field, required=True) if names else field,  # a form cannot be sent without the choice
        field_caption(text, field),
        text.hints.get(field.name) or hint(scene, field),
        tuple(choices(text, field, error, conversation.locale)),
        error,
        conversation.answers.get(field.name, ""),
        placeholder(scene, field),
        text.hints.get(field.name) or form_hint(scene, field) or "",
        names or is_required_here(scene, field, country_asked=country_asked),
        field.name in unseen,
    )


def question(scene: Scene) -> Screen:
    """A question about one field; a surface with room for more takes the other prompts too."""
    missing = fields_to_ask(scene.conversation, scene.petition)
    if not missing:
        return review(scene)
    to_ask = _prompts(scene, missing)
    first = to_ask[0]
    parts: list[Part] = [notice_line(first.error)] if first.error else []
    parts += [Line(scene.text.title, Style.NOTE), Line(first.caption, Style.HEADING), Line(first.hint, Style.NOTE)]
    if first.field.name in scene.text.hints and first.field.kind is FieldKind.POSTAL_CODE:
        parts.append(Line(hint(scene, first.field), Style.NOTE))  # the petition's own may not name the country
    if first.field.hand_in:
        parts.append(Line(Message("question.handed_in", {"target": scene.petition.target}), Style.NOTE))
    if first.value:
        value = display_value(scene.text, first.field, first.value, scene.conversation.locale)
        parts.append(Line(Message("question.present", {"value": value})))
    elif not scene.conversation.asking and len(missing) > 1:
        parts.append(Line(Message("question.left", {"count": len(missing) - 1}), Style.NOTE))
    if first.field.kind is FieldKind.EMAIL:
        parts.append(updates_line(scene))
    form = to_ask if scene.conversation.asking else _form(scene)
    return Screen(tuple(parts), tuple(_question_buttons(scene, first)), to_ask, form)


def _question_buttons(scene: Scene, prompt: Prompt) -> Iterator[tuple[Button, ...]]:
    name = prompt.field.name
    for key, words in prompt.options:
        yield (Button(words, ev.Answer({name: key})),)
    for words, event in suggestions(scene, prompt.field):
        yield (Button(words, event),)
    if prompt.field.kind is FieldKind.EMAIL:
        yield tuple(_channels(scene))
    if prompt.value:
        keep = Button(Message("button.keep"), ev.Skip())
        yield (keep,) if prompt.field.required else (keep, Button(Message("button.remove"), ev.Remove(name)))
    elif prompt.error and not prompt.field.required:
        yield (Button(Message("button.skip"), ev.Skip()),)
    back = Button(Message("button.back"), ev.Back())
    yield (back,) if scene.conversation.asking else (back, Button(Message("button.cancel"), ev.Cancel()))


def review(scene: Scene) -> Screen:
    """The last screen before signing: everything that will be signed and stored."""
    letter = scene.text.beginning(_REVIEWED)
    whole = letter is scene.text.letter
    parts: list[Part] = [
        Line(scene.text.title, Style.TITLE),
        Line(heading_words(scene.petition), Style.HEADING),
        Passage(letter, quoted=True),
        *([] if whole else [Line(Message("review.shortened"), Style.NOTE)]),
        Facts(tuple(_answer_rows(scene))),
        *consent_lines(scene),
    ]
    return Screen(tuple(parts), tuple(_review_buttons(scene, whole)))


def _answer_rows(scene: Scene) -> Iterator[tuple[Words, Words]]:
    for field in scene.petition.fields:
        value = scene.conversation.answers.get(field.name)
        if value is not None:
            shown = display_value(scene.text, field, value, scene.conversation.locale)
            yield answer_caption(scene.text, field, value), shown


def _review_buttons(scene: Scene, whole: bool) -> Iterator[tuple[Button, ...]]:
    yield (Button(Message("button.edit_answers"), ev.Show(Overlay.FIELDS)),)
    yield tuple(_channels(scene))
    read = () if whole else (Button(Message("button.whole_letter"), ev.TurnPage(0)),)
    yield *read, Button(Message("button.privacy"), ev.Show(Overlay.PRIVACY))
    yield Button(Message("button.back"), ev.Back()), Button(Message("button.cancel"), ev.Cancel())
    if greeting_name(scene):
        yield (Button(Message("button.not_me", {"name": greeting_name(scene)}), ev.NotMe()),)
    asks = asks_to_name(scene.petition, scene.conversation)
    yield (Button(CONFIRM, ev.Confirm(), emphasis=Emphasis.SUCCESS),)
    if asks:
        yield (Button(CONFIRM_NAMED, ev.Confirm(named=True), emphasis=Emphasis.SUCCESS),)


def _channels(scene: Scene) -> Iterator[Button]:
    """The other channels for updates; without a question about an address, there is only the chat."""
    state = scene.conversation
    asks = any(field.kind is FieldKind.EMAIL for field in scene.petition.fields)
    return (Button(*channel) for channel in channels(state.updates, state.by_email, with_address=asks))


def fields(scene: Scene) -> Screen:
    """The answers to change or add; a surface with room for all asks them in one form."""
    rows = []
    for field in _editable(scene):
        key = "button.edit" if field.name in scene.conversation.answers else "button.add"
        rows.append((Button(Message(key, {"caption": field_caption(scene.text, field)}), ev.Edit(field.name)),))
    back = (Button(Message("button.back_to_signing"), ev.Back()),)
    parts = (Line(Message("fields.ask"), Style.HEADING),)
    return Screen(parts, (*rows, back), form=_form(scene))


def _editable(scene: Scene) -> Iterator[Field]:
    """The fields that the review offers to edit or add; Confirm asks the question about the name."""
    asks = asks_to_name(scene.petition, scene.conversation)
    return (field for field in fields_that_apply(scene) if not (asks and field.name == scene.petition.named_if))


def finished(scene: Scene) -> Screen:
    """The outcome, and what to do next."""
    outcome, signature = scene.conversation.outcome, scene.known.signature
    if signature and outcome in (Outcome.SIGNED, Outcome.ALREADY_SIGNED):
        return _signed(scene, signature, fresh=outcome is Outcome.SIGNED)
    if outcome is Outcome.WITHDRAWN and not signature:
        again, is_open = Button(Message("button.sign_again"), ev.Begin()), scene.petition.is_open(scene.now)
        back = Button(Message("button.overview" if is_open else "button.back"), ev.Back())
        key = "finished.withdrawn" if is_open else "finished.withdrawn_over"
        words = Message(key, {"target": scene.petition.target})
        return Screen((Line(words, Style.HEADING),), ((again, back),) if is_open else ((back,),))
    return cover(scene)


def _signed(scene: Scene, signature: Signature, *, fresh: bool) -> Screen:
    thanks = Message("finished.thanks" if fresh else "finished.already", {"target": scene.petition.target})
    parts = (
        Line(thanks, Style.HEADING),
        *place_lines(signature),
        receipt(scene.petition, signature, scene.look_up, handed_in_values(scene)),
        *_together(scene, signature),
        share_link(scene, Message("finished.share")),
    )
    wanted = not signature.wants_updates
    mine = Button(Message("button.my_signatures"), ev.Show(Overlay.SIGNATURES))
    updates = Button(Message("button.updates_on" if wanted else "button.updates_off"), ev.SetUpdates(wanted))
    undo = Button(Message("button.withdraw"), ev.Show(Overlay.WITHDRAW))
    proof = () if scene.petition.is_trial else (Button(Message("button.proof"), SendProof()),)
    rows = (
        (mine, *proof, Button(Message("button.sources"), ev.ListSources())),
        (updates,),
        (undo, Button(Message("button.more"), ev.Show(Overlay.MORE))),
        (Button(Message("button.overview"), ev.Open()),),
    )
    return Screen(parts, rows, is_receipt=True)


def _together(scene: Scene, signature: Signature) -> Iterator[Part]:
    """The number of people who came the same way; it does not reveal whether anyone's signature counts."""
    yield from companion_lines("finished.together", scene.credited(signature.label) if signature.label else 0)


STAGES: Mapping[Stage, Callable[[Scene], Screen]] = {
    Stage.READING: cover,
    Stage.ANSWERING: question,
    Stage.REVIEWING: review,
    Stage.FINISHED: finished,
}
