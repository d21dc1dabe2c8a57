import gettext

import polib
import pytest

from scripts import messages


@pytest.fixture
def tree(monkeypatch, tmp_path):
    """A small project: one module, one template, no translations."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "PACKAGES", ["shop"])
    monkeypatch.setattr(messages, "PARTS", tmp_path / "parts")
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "zh_Hans" / "django.po")
    (tmp_path / "shop").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "parts").mkdir()
    (tmp_path / "shop" / "views.py").write_text(
        '_("Hello %(name)s")\nngettext("%(n)d day", "%(n)d days", n)\npgettext("a month", "May")\n_(variable)\n'
        '_now("Soon")\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}\n  <p>{% translate "Save" %} {{ _("Stop") }}</p>\n'
        "{% blocktranslate trimmed with who=user %}\n    Dear\n    {{ who }}\n{% endblocktranslate %}\n"
    )
    return tmp_path


def write(folder, *entries, name="one.po"):
    catalogue = polib.POFile()
    catalogue.extend(polib.POEntry(**entry) for entry in entries)
    catalogue.save(str(folder / "parts" / name))


CHINESE = [
    {"msgid": "Hello %(name)s", "msgstr": "%(name)s，您好"},
    {"msgid": "%(n)d day", "msgid_plural": "%(n)d days", "msgstr_plural": {0: "%(n)d 天"}},
    {"msgid": "May", "msgctxt": "a month", "msgstr": "五月"},
    {"msgid": "Save", "msgstr": "保存"},
    {"msgid": "Soon", "msgstr": "稍后"},
    {"msgid": "Stop", "msgstr": "停止"},
    {"msgid": "Dear %(who)s", "msgstr": "尊敬的 %(who)s"},
]


def test_texts_of_code_and_templates_are_found(tree):
    assert {(entry["msgid"], entry.get("msgctxt")) for entry in CHINESE} == {
        (msgid, context) for context, msgid in messages.extracted()
    }


def test_what_lacks_chinese_is_listed_with_its_file(tree):
    write(tree, *CHINESE[1:])
    assert messages.check() == ["shop/views.py: no Chinese for 'Hello %(name)s'"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"msgstr": ""}, "no Chinese"),
        ({"msgstr": "您好"}, "other placeholders"),
        ({"msgstr": "%(nome)s，您好"}, "other placeholders"),
        ({"flags": ["fuzzy"]}, "fuzzy"),
    ],
)
def test_what_is_wrong_is_listed(tree, change, word):
    write(tree, {**CHINESE[0], **change}, *CHINESE[1:])
    (line,) = messages.check()
    assert word in line


def test_a_complete_translation_passes_and_compiles(tree):
    write(tree, *CHINESE)
    assert messages.check() == []
    messages.compile_catalogue()
    with messages.CATALOGUE.with_suffix(".mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Save") == "保存"
    assert chinese.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d 天"
    assert chinese.pgettext("a month", "May") == "五月"


def test_merge_folds_the_parts_in_and_keeps_corrections_of_libraries(tree, capsys):
    correction = {"msgid": "Sign Out", "msgstr": "退出", "tcomment": "override: allauth"}
    write(tree, *CHINESE[:-1], correction, {"msgid": "Unused", "msgstr": "无用"})
    messages.merge()
    merged = {entry.msgid: entry.msgstr for entry in polib.pofile(str(messages.CATALOGUE))}
    assert merged["Save"] == "保存"
    assert merged["Dear %(who)s"] == ""
    assert merged["Sign Out"] == "退出"
    assert "Unused" not in merged
    assert "Unused" in capsys.readouterr().out
    assert list(messages.PARTS.iterdir()) == []
    assert len(messages.check()) == 1
