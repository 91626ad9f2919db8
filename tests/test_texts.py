"""Messages stay one short line, whatever is in them."""

import pytest

from aae import texts


@pytest.mark.parametrize("text", ["a\nb\r\tc", "\udcff\x00\x1b[2J", "x" * 10**6, "\n" * 1000, "\u202eabc", "é" * 500])
def test_a_line_is_one_short_printable_line(text):
    for most in (20, 60, texts.MOST):
        line = texts.one_line(text, most)
        assert len(line) <= most and line.isprintable() and line.encode()


def test_what_is_short_and_printable_is_left_as_it_is():
    assert texts.one_line("Größe 3 × 4") == "Größe 3 × 4"
    assert texts.quoted("a'b") == '"a\'b"'
    assert texts.quoted(10**5000) == "a number of thousands of digits"
    assert len(texts.quoted(list(range(1000)))) <= texts.MOST_OF_VALUE


def test_a_word_is_suggested_only_where_one_is_near():
    assert texts.nearest("hiden", ["hidden", "labels"]) == "; did you mean hidden?"
    assert texts.nearest("", ["hidden"]) == texts.nearest("colour" * 1000, ["hidden"]) == ""
