from __future__ import annotations

import subprocess
import sys

import pytest

from reportedly.language import UNDETERMINED, detect

ENGLISH = "Residents said that the shells had hit the market, and that the army was not there when they came."


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH.upper(),
        "رويترز " * 20 + ENGLISH * 3,
        "Shells hit Tillabar market; officials blame rebels, opposition parties call for an inquiry into the killings.",
    ],
)
def test_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bewohner teilten am Dienstag mit, dass zwei Granaten den Markt der Stadt getroffen hätten.", "de"),
        ("Des habitants ont déclaré mardi que deux obus avaient touché le marché de la ville.", "fr"),
        ("قال سكان يوم الثلاثاء إن قذيفتين أصابتا السوق في وسط المدينة وقتلتا أربعة أشخاص على الأقل.", "ar"),
        ("Мешканці повідомили у вівторок, що два снаряди влучили в ринок у центрі міста.", "uk"),
        ("居民星期二说，两枚炮弹击中了市中心的市场，至少造成四人死亡。军方否认向该镇开火。", "zh"),
    ],
)
def test_other_languages(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize("text", ["", "Tillabar", "Two killed.", "12 345 !?", "Al-Shabaab Baidoa Kismayo", "\ud800 \0"])
def test_too_little_to_tell(text: str) -> None:
    assert detect(text) == UNDETERMINED


def test_identifier_is_loaded_only_in_doubt() -> None:
    code = f"import sys; from reportedly.language import detect; print(detect({ENGLISH!r}), 'py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["en", "False"]
