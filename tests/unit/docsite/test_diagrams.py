"""The drawings that are committed are those that the code makes."""

from xml.etree import ElementTree as ET

from docsite.diagrams import files
from fix_guide import CHECKOUT

FOLDER = CHECKOUT / "docs" / "diagrams"


def test_they_are_as_they_are_drawn() -> None:
    drawn = files()
    assert {path.name for path in FOLDER.iterdir()} == drawn.keys() | {"logo.svg"}
    assert {name for name, drawing in drawn.items() if (FOLDER / name).read_text(encoding="utf-8") != drawing} == set()


def test_every_box_and_text_is_within_the_picture() -> None:
    for name, drawing in files().items():
        root = ET.fromstring(drawing)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for box in root.iter("{http://www.w3.org/2000/svg}rect"):
            x, y, w, h = (float(box.attrib[side]) for side in ("x", "y", "width", "height"))
            assert 0 <= x <= x + w <= width, name
            assert 0 <= y <= y + h <= height, name


def test_light_and_dark_say_the_same() -> None:
    drawn = files()
    for light in (name for name in drawn if name.endswith("-light.svg")):
        texts = [ET.fromstring(drawn[name]).itertext() for name in (light, light.replace("-light", "-dark"))]
        assert list(texts[0]) == list(texts[1])
