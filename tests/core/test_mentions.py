import pytest

from studio.core.mentions import found_in, handles, pieces

TEAM = {1: "Ana Ruiz", 2: "Samir Haddad", 3: "Ana Blum", 4: "mei@x.example", 5: "Jo"}


class TestFoundIn:
    @pytest.mark.parametrize(
        ("text", "people"),
        [
            ("@Samir can you?", [2]), ("@samir haddad, please", [2]), ("@Ana Ruiz and @Ana Blum", [1, 3]),
            ("@Ana, which one?", []), ("Ask @Samir, @Samir!", [2]), ("mail me: x@samir.example", []),
            ("@Samira", []), ("@@Samir", []), ("(@Jo)", [5]), ("@Joe", []), ("@mei@x.example now", [4]),
            ("@Jo_1", []), ("@", []), ("", []), ("@Samir @Jo", [2, 5]),
        ],
    )  # fmt: skip
    def test_names_are_whole_and_of_the_team(self, text, people):
        assert found_in(text, TEAM) == people

    def test_pieces_are_the_whole_text(self):
        text = "Hi @Samir, tell @Ana Ruiz and @nobody."
        assert "".join(piece.text for piece in pieces(text, TEAM)) == text
        assert [piece.text for piece in pieces(text, TEAM) if piece.person] == [
            "@Samir",
            "@Ana Ruiz",
        ]


class TestHandles:
    def test_first_name_where_it_tells_who_is_meant(self):
        said = handles(TEAM)
        assert said == {1: "Ana Ruiz", 2: "Samir", 3: "Ana Blum", 4: "mei@x.example", 5: "Jo"}

    def test_whole_name_where_another_is_called_so(self):
        assert handles({1: "Jo March", 2: "Jo"}) == {1: "Jo March", 2: "Jo"}

    def test_each_handle_finds_its_person(self):
        for person, handle in handles(TEAM).items():
            assert found_in(f"@{handle}: look", TEAM) == [person]
