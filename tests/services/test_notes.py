import json

import pytest

from studio.core.errors import InvalidNote, NotAllowed, TooLate
from studio.core.notices import Kind
from studio.core.review import Happening
from studio.models import Clip, Event, Guest, Mention, Note, Notice, Share
from studio.services import notes
from studio.services.notes import By, Said
from tests.factories import make_job, make_member, make_take

pytestmark = pytest.mark.django_db
BOX = json.dumps([{"kind": "box", "color": "red", "points": [[0.1, 0.2], [0.5, 0.6]]}])


@pytest.fixture
def ana():
    return make_member(name="Ana Ruiz")


@pytest.fixture
def samir(ana):
    return make_member("reviewer", team=ana.team, name="Samir Haddad")


@pytest.fixture
def take(ana):
    return make_take(make_job("succeeded", author=ana))


def said_last(take):
    event = Event.objects.filter(clip=take.clip, job=None).order_by("pk").last()
    return event.status, event.note


class TestWrite:
    def test_holds_a_frame_and_is_told(self, samir, take):
        note = notes.write(samir, take, Said(text=" Too dark. ", frame=52))
        assert (note.text, note.frame, note.last_frame, note.author) == (
            "Too dark.",
            52,
            None,
            samir,
        )
        assert said_last(take) == (Happening.NOTED, "Take 1 at 02:04: Too dark.")
        clip = Clip.objects.get()
        assert (clip.note_count, clip.open_notes, clip.noted_at) == (1, 1, note.created_at)
        assert clip.rev == Event.objects.latest("pk").pk

    def test_whose_clip_it_is_hears_of_it_until_it_is_taken_back(self, ana, samir, take):
        note = notes.write(samir, take, Said(text="Too dark."))
        heard = Notice.objects.filter(member=ana, note=note)
        assert heard.get().kind == Kind.NOTE
        notes.remove(samir, note)
        assert not heard.exists()

    def test_who_is_named_hears_of_it_also_by_a_later_change(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="Too dark."))
        notes.edit(ana, note, Said(text="@Samir too dark."))
        notice = Notice.objects.get(member=samir)
        assert notice.kind == Kind.MENTION
        notes.finish_task(samir, note.mentions.get())
        assert Notice.objects.get(member=ana).kind == Kind.TASK_DONE

    def test_holds_a_range_and_one_of_a_single_frame_is_a_frame(self, ana, take):
        assert notes.write(ana, take, Said(text="x", frame=0, last_frame=119)).last_frame == 119
        assert notes.write(ana, take, Said(text="x", frame=5, last_frame=5)).last_frame is None

    def test_a_drawing_alone_is_a_note(self, ana, take):
        note = notes.write(ana, take, Said(drawing=BOX, frame=3))
        assert note.drawing == json.loads(BOX)
        assert said_last(take)[1] == "Take 1 at 00:03: a box"

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            (Said(text=" \n "), notes.EMPTY),
            (Said(text="x", frame=10_000), "Frame must be from 0 to 119; take 1 has no frame 10,000."),
            (Said(text="x", frame=3, last_frame=120), "Last frame must be from 0 to 119; take 1 has no frame 120."),
            (Said(text="x", frame=9, last_frame=3), "Range must end at or after its first frame: it begins at 9 and ends at 3."),
            (Said(text="x", last_frame=3), "Range must end at or after its first frame: it begins nowhere and ends at 3."),
            (Said(text="x" * 1_000_000), "Note may have at most 5,000 characters, not 1,000,000."),
            (Said(text="x", drawing="[1]"), "Drawing can not be read: it must be a list of lines, arrows, boxes and words."),
        ],
    )  # fmt: skip
    def test_what_no_note_can_be_is_one_sentence_and_stores_nothing(
        self, ana, take, said, sentence
    ):
        with pytest.raises(InvalidNote) as error:
            notes.write(ana, take, said)
        assert error.value.message == sentence
        assert not Note.objects.exists()
        assert not Event.objects.filter(status=Happening.NOTED).exists()

    def test_text_that_no_database_holds_is_stored_without_that(self, ana, take):
        assert notes.write(ana, take, Said(text="a\0b\ud800c\r\nd")).text == "a�b?c\nd"

    def test_members_of_other_teams_may_not(self, take):
        with pytest.raises(NotAllowed):
            notes.write(make_member("admin"), take, Said(text="x"))

    def test_of_a_guest_asks_nobody_to_do_anything(self, ana, samir, take):
        share = Share.objects.create(
            team=ana.team, project=take.clip.project, name="Client", digest="d", created_by=ana
        )
        guest = Guest.objects.create(share=share, name="Claire", email="c@x.example", digest="g")
        note = notes.put(By(guest=guest), take, Said(text="@Samir?"))
        assert note.author == guest
        assert not Mention.objects.exists()
        assert Event.objects.latest("pk").guest == guest


class TestReply:
    def test_answers_the_note_itself(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="One", frame=3))
        first = notes.reply(samir, note, Said(text="Two"))
        second = notes.reply(ana, first, Said(text="Three"))
        assert [first.parent, second.parent] == [note, note]
        assert second.frame is None
        assert said_last(take) == (Happening.REPLIED, "Take 1: Three")
        assert Clip.objects.get().note_count == 1

    def test_is_as_private_as_the_note(self, ana, take):
        note = notes.write(ana, take, Said(text="One", for_guests=False))
        assert not notes.reply(ana, note, Said(text="Two", for_guests=True)).for_guests

    def test_to_what_was_taken_back_is_too_late(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="One"))
        reply = notes.reply(samir, note, Said(text="Two"))
        notes.remove(ana, note)
        for gone in (note, reply):
            with pytest.raises(TooLate, match="taken back"):
                notes.reply(samir, gone, Said(text="Three"))


class TestEdit:
    def test_changes_the_words_of_ones_own(self, ana, take):
        note = notes.write(ana, take, Said(text="Old", frame=3, drawing=BOX))
        notes.edit(ana, note, Said(text="New"))
        note.refresh_from_db()
        assert (note.text, note.frame, note.drawing) == ("New", 3, json.loads(BOX))
        assert note.edited_at

    def test_words_may_go_where_a_drawing_stays(self, ana, take):
        note = notes.write(ana, take, Said(text="Old", drawing=BOX))
        notes.edit(ana, note, Said(text=""))
        bare = notes.write(ana, take, Said(text="Old"))
        with pytest.raises(InvalidNote):
            notes.edit(ana, bare, Said(text=""))

    def test_not_even_an_admin_changes_words_of_others(self, ana, take):
        note = notes.write(ana, take, Said(text="Old"))
        with pytest.raises(NotAllowed):
            notes.edit(make_member("admin", team=ana.team), note, Said(text="New"))


class TestRemove:
    def test_goes_and_comes_back_with_the_counts(self, ana, take):
        note = notes.write(ana, take, Said(text="One"))
        notes.remove(ana, note)
        assert Clip.objects.get().note_count == 0
        assert not Note.objects.standing().exists()
        notes.bring_back(ana, note)
        assert Clip.objects.get().note_count == 1
        assert said_last(take)[0] == Happening.RETURNED

    def test_twice_is_once(self, ana, take):
        note = notes.write(ana, take, Said(text="One"))
        notes.remove(ana, note)
        notes.remove(ana, note)
        assert Event.objects.filter(status=Happening.REMOVED).count() == 1

    def test_is_for_its_author_and_admins(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="One"))
        with pytest.raises(NotAllowed):
            notes.remove(samir, note)
        notes.remove(make_member("admin", team=ana.team), note)


class TestResolve:
    def test_by_anybody_of_the_team_and_back(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="One"))
        notes.resolve(samir, note)
        note.refresh_from_db()
        assert note.resolved_by == samir
        assert Clip.objects.get().open_notes == 0
        notes.reopen(ana, note)
        assert Clip.objects.get().open_notes == 1


class TestShowTo:
    def test_keeps_it_from_guests_without_a_word_in_the_history(self, ana, take):
        note = notes.write(ana, take, Said(text="One"))
        notes.show_to(ana, note, guests=False)
        assert not Note.objects.for_guests().exists()
        assert said_last(take)[0] == Event.TOUCH
        notes.show_to(ana, note, guests=True)
        assert Note.objects.for_guests().exists()


class TestTasks:
    def test_who_is_named_gets_one(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="@Samir and @samir haddad, please"))
        (task,) = notes.tasks_of(samir)
        assert task.note == note
        assert not notes.tasks_of(ana).exists()

    def test_people_of_other_teams_and_who_left_are_not_found(self, ana, samir, take):
        make_member(name="Zoe")
        samir.is_active = False
        samir.save()
        notes.write(ana, take, Said(text="@Samir @Zoe"))
        assert not Mention.objects.exists()

    def test_two_of_one_name_are_told_apart_by_mail(self, ana, samir, take):
        other = make_member(team=ana.team, name="samir haddad")
        notes.write(ana, take, Said(text=f"@{other.user.email} please. @Samir Haddad?"))
        assert list(Mention.objects.values_list("member", flat=True)) == [other.pk]

    def test_follow_the_words_when_they_change(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="@Samir"))
        notes.edit(ana, note, Said(text="@Ana herself"))
        assert list(Mention.objects.values_list("member", flat=True)) == [ana.pk]

    @pytest.mark.parametrize("who", ["samir", "ana", "admin"])
    def test_are_done_by_them_by_who_asked_and_by_admins(self, ana, samir, take, who):
        person = {"samir": samir, "ana": ana, "admin": make_member("admin", team=ana.team)}[who]
        notes.write(ana, take, Said(text="@Samir"))
        (task,) = notes.tasks_of(samir)
        notes.finish_task(person, task)
        notes.finish_task(person, task)
        assert not notes.tasks_of(samir).exists()
        assert said_last(take) == (Happening.FINISHED, "Task for Samir Haddad: @Samir")
        notes.reopen_task(person, task)
        assert notes.tasks_of(samir).exists()

    def test_are_done_by_nobody_else(self, ana, samir, take):
        notes.write(ana, take, Said(text="@Samir"))
        with pytest.raises(NotAllowed):
            notes.finish_task(make_member(team=ana.team), notes.tasks_of(samir).get())

    def test_of_what_was_taken_back_are_not_open(self, ana, samir, take):
        note = notes.write(ana, take, Said(text="One"))
        notes.reply(ana, note, Said(text="@Samir"))
        assert notes.tasks_of(samir).count() == 1
        notes.remove(ana, note)
        assert not notes.tasks_of(samir).exists()
