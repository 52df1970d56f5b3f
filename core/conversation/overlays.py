"""The overlays on a stage's own screen: pages, sources, sharing, privacy, a person's signatures, and more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from babel import Locale

from core.conversation import state as ev
from core.conversation.changes_screen import changes_screen
from core.conversation.looks import LANGUAGES_LISTED
from core.conversation.notices import notice_line
from core.conversation.own_list import (
    about_own,
    channel,
    jumps_in_own,
    own_titles,
    page_of_own,
    place_in_own,
    switches,
    text_rows,
    turn_own,
)
from core.conversation.paging import page_line, page_of, turning
from core.conversation.scene import (
    Scene,
    place_lines,
    privacy,
    privacy_of_any,
    progress,
    receipt,
    share_link,
    time_left,
    trial_lines,
)
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Screen, Style
from core.conversation.source_screens import all_claims, all_claims_button, list_of_sources, one_source
from core.conversation.stages import STAGES, fields
from core.conversation.state import SIGNING, Overlay
from core.conversation.text_screens import back, sign, text_page
from core.conversation.whole import whole_screen
from core.messages import Command, Message, Words


def screen_for(scene: Scene) -> Screen:
    """The current screen; drawing it again gives the same result."""
    draw = _OVERLAYS.get(scene.conversation.overlay) or STAGES[scene.conversation.stage]
    screen, notice = draw(scene), scene.conversation.notice
    above = (*trial_lines(scene.petition), *((notice_line(notice),) if notice else ()))
    return replace(screen, parts=(*above, *screen.parts)) if above else screen


def _whole(scene: Scene) -> Screen:
    return whole_screen(scene, *sign(scene), back(scene))


def _count(scene: Scene) -> Screen:
    parts = (Line(scene.text.title, Style.HEADING), progress(scene))
    return Screen(parts, ((*sign(scene), back(scene)),))


def _share(scene: Scene) -> Screen:
    signed = scene.known.signature is not None
    words = Message("share.signed" if signed else "share.plain")
    return Screen((share_link(scene, words),), ((*sign(scene), back(scene)),))


def _more(scene: Scene) -> Screen:
    mine = Button(Message("button.my_signatures"), ev.Show(Overlay.SIGNATURES))
    language = Button(Message("button.language"), ev.Show(Overlay.LANGUAGES))
    rows = (
        *_about_petition(scene),
        (mine, Button(Message("button.privacy"), ev.Show(Overlay.PRIVACY))),
        (language, Button(Message("button.forget"), ev.Show(Overlay.FORGET))),
        (back(scene),),
    )
    return Screen((Line(Message("more.help")),), rows)


def _about_petition(scene: Scene) -> Iterator[tuple[Button, ...]]:
    """The buttons for the petition, or for the list if the reader has not yet chosen one of several."""
    conversation, signature = scene.conversation, scene.known.signature
    chosen = conversation.opened_at or conversation.seen or conversation.answers or signature
    if len(scene.petitions) > 1 and not chosen:
        yield (Button(Message("command.petitions"), ev.ListPetitions()),)
        return
    sources = Button(Message("button.sources"), ev.ListSources())
    yield Button(Message("button.read"), ev.TurnPage(0)), sources, all_claims_button()
    share = Button(Message("button.share"), ev.Show(Overlay.SHARE))
    if signature:
        yield Button(Message("button.withdraw"), ev.Show(Overlay.WITHDRAW)), share
    elif scene.petition.is_open(scene.now) and conversation.stage not in SIGNING:
        yield Button(Message("button.sign"), ev.Begin()), share
    else:
        yield (share,)


def _privacy(scene: Scene) -> Screen:
    messages = [*(privacy(scene.petition) if scene.is_chosen else privacy_of_any())]
    if scene.is_chosen and scene.petition.is_open(scene.now):
        messages += time_left(scene.petition)
    file = Message("privacy.file", {"command": Command("mydata", is_signers=True)})
    lines = [Line(Message("privacy.heading"), Style.HEADING), *(Line(message) for message in (*messages, file))]
    updates = Button(Message("button.updates"), ev.Show(Overlay.UPDATES))
    rows = (
        (Button(Message("button.my_data"), ev.SendData()), updates),
        (Button(Message("button.forget"), ev.Show(Overlay.FORGET)), back(scene)),
    )
    return Screen(tuple(lines), rows)


def _signatures(scene: Scene) -> Screen:
    signatures = scene.known.signatures
    heading = Message("signatures.heading", {"count": len(signatures)}) if signatures else Message("signatures.none")
    parts: list[Part] = [Line(heading, Style.HEADING), *page_line(*place_in_own(scene, signatures))]
    rows: list[tuple[Button, ...]] = []
    titles = own_titles(scene)
    for signature in page_of_own(scene, signatures):
        petition = scene.petitions.get(signature.petition)
        title = titles.get(signature.petition, signature.petition)
        parts += [Line(title), *place_lines(signature), receipt(petition, signature, scene.look_up)]
        if petition:
            rows += about_own(petition, title if len(signatures) > 1 else "")
    rows.sort(key=_is_withdrawing)  # so that buttons of a kind follow one another
    updates = [Button(Message("button.updates"), ev.Show(Overlay.UPDATES))] if signatures else []
    turn = (*text_rows(scene, signatures), *turn_own(scene, signatures, Overlay.SIGNATURES))
    others = jumps_in_own(scene, signatures, Overlay.SIGNATURES)
    return Screen(tuple(parts), (*rows, *turn, (*updates, back(scene))), jumps=others)


def _is_withdrawing(row: tuple[Button, ...]) -> bool:
    return row[0].event == ev.Show(Overlay.WITHDRAW)


def _updates(scene: Scene) -> Screen:
    """The updates about each petition that the person signed, with a switch; not those whose folders are gone."""
    signatures = tuple(signature for signature in scene.known.signatures if signature.petition in scene.petitions)
    if not signatures:
        return Screen((Line(Message("updates.none"), Style.HEADING),), ((back(scene),),))
    facts: list[tuple[Words, Words]] = []
    rows: list[tuple[Button, ...]] = []
    titles = own_titles(scene)
    for signature in page_of_own(scene, signatures):
        title = titles[signature.petition]
        facts.append((title, channel(signature)))
        rows += switches(signature, title if len(signatures) > 1 else "")
    place = page_line(*place_in_own(scene, signatures))
    parts: list[Part] = [Line(Message("updates.heading"), Style.HEADING), *place, Facts(tuple(facts))]
    parts.append(Line(Message("updates.typed", {"words": Message("updates.words")}), Style.NOTE))
    others = jumps_in_own(scene, signatures, Overlay.UPDATES)
    return Screen(tuple(parts), (*rows, *turn_own(scene, signatures, Overlay.UPDATES), (back(scene),)), jumps=others)


def _changes(scene: Scene) -> Screen:
    """The differences between the text that the reader signed and the current one."""
    if scene.known.signature is None:
        return STAGES[scene.conversation.stage](scene)
    return changes_screen(scene, scene.known.signature, back(scene))


def _withdraw(scene: Scene) -> Screen:
    if scene.known.signature is None:
        return STAGES[scene.conversation.stage](scene)
    title = own_titles(scene).get(scene.known.signature.petition, scene.text.title)
    parts = (Line(Message("withdraw.ask", {"title": title})),)
    erase = Button(Message("button.withdraw_now"), ev.Withdraw(), emphasis=Emphasis.DANGER)
    return Screen(parts, ((erase, Button(Message("button.keep_it"), ev.Back())),))


def _forget(_: Scene) -> Screen:
    erase = Button(Message("button.forget_now"), ev.Forget(), emphasis=Emphasis.DANGER)
    keep = Button(Message("button.forget_not"), ev.Back())
    return Screen((Line(Message("forget.ask")),), ((erase, keep),))


def _languages(scene: Scene) -> Screen:
    codes, page, pages = page_of(scene.locales, scene.conversation.own_page, LANGUAGES_LISTED)
    names = {code: Locale.parse(code).get_display_name(code) or code for code in codes}
    rows = [(Button(name.capitalize(), ev.SetLocale(code)),) for code, name in names.items()]
    turns = turning(page, pages, lambda to: ev.ListOwn(to, Overlay.LANGUAGES))
    return Screen((Line(Message("languages.ask")), *page_line(page, pages)), (*rows, *turns, (back(scene),)))


_OVERLAYS: Mapping[Overlay, Callable[[Scene], Screen]] = {
    Overlay.PAGE: text_page,
    Overlay.WHOLE: _whole,
    Overlay.SOURCE: one_source,
    Overlay.SOURCES: list_of_sources,
    Overlay.CLAIMS: all_claims,
    Overlay.COUNT: _count,
    Overlay.SHARE: _share,
    Overlay.MORE: _more,
    Overlay.PRIVACY: _privacy,
    Overlay.SIGNATURES: _signatures,
    Overlay.UPDATES: _updates,
    Overlay.LANGUAGES: _languages,
    Overlay.CHANGES: _changes,
    Overlay.WITHDRAW: _withdraw,
    Overlay.FORGET: _forget,
    Overlay.FIELDS: fields,
}
