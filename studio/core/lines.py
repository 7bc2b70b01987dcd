"""Words as people write a list of them: one on each line, or a line with commas between."""

import csv

MARKS = ("\t", ";", ",")


def words_in(text: str) -> list[str]:
    """Each word once, in their order; quotation marks of a table are left out."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = _cells(lines[0]) if len(lines) == 1 else [_unquoted(line) for line in lines]
    return list(dict.fromkeys(word for word in map(str.strip, words) if word))


def as_text(words: list[str]) -> str:
    """What is read as these words again."""
    return "\n".join(word if _reads_as(word, words) else _quoted(word) for word in words)


def _reads_as(word: str, words: list[str]) -> bool:
    return words_in(word) == [word] if len(words) == 1 else _unquoted(word) == word


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _cells(line: str) -> list[str]:
    mark = next((one for one in MARKS if one in line), ",")
    try:
        return next(csv.reader([line], delimiter=mark, skipinitialspace=True))
    except csv.Error:  # a cell of more than 131,072 characters
        return [line]


def _unquoted(line: str) -> str:
    is_quoted = len(line) > 1 and line[0] == line[-1] == '"'
    return line[1:-1].replace('""', '"') if is_quoted else line
