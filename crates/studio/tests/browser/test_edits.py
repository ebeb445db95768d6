"""Edits on the page, in a real browser."""

import json
import subprocess
import time

import numpy as np
import pytest
from conftest import COMMAND, write_wav
from helpers import command, drag, edited, edits, level, mark, marked, samples, settled, state, until


@pytest.fixture(scope="session")
def both(tmp_path_factory):
    """Two and a half seconds of 440 and 880 Hz, in stereo with the channels apart."""
    t = np.arange(int(2.5 * 44100)) / 44100
    low, high = (0.3 * np.sin(2 * np.pi * hz * t) for hz in (440, 880))
    return write_wav(tmp_path_factory.mktemp("sounds") / "both.wav", np.stack([low + high, 0.5 * low + high], 1))


@pytest.fixture
def page(serve, visit, both):
    page = visit(serve(both).link)
    state(page, "Ready")
    settled(page)
    return page


def save(page, kind, path):
    page.locator("#download").click()
    with page.expect_download() as begun:
        page.locator("#download-list button", has_text=kind).click()
    begun.value.save_as(path / begun.value.suggested_filename)
    return begun.value.suggested_filename


def test_erasing_one_of_two_tones_leaves_the_other_and_all_that_lies_outside(page):
    before = samples(page)
    mark(page, t0=1.0, t1=1.6, f0=400, f1=480)
    edited(page, lambda: page.locator("#erase").click())
    after = samples(page)
    middle = slice(int(1.1 * 44100), int(1.5 * 44100))
    for channel in (0, 1):
        old, new = before[channel][middle], after[channel][middle]
        assert level(new, 440) < level(old, 440) - 60
        assert abs(level(new, 880) - level(old, 880)) < 0.1
        # Rows at 440 Hz ring for some 0.3 s.
        for outside in (slice(0, int(0.5 * 44100)), slice(int(2.1 * 44100), None)):
            assert np.array_equal(after[channel][outside], before[channel][outside])
    assert page.locator("#edits li").count() == 1
    assert page.locator("#edits small").inner_text() == "600 ms"


def test_marked_and_rest_are_the_whole_and_without_edits_there_is_no_difference(page):
    whole = samples(page, "original")
    assert not samples(page, "difference").any()
    mark(page, t0=0.7, t1=1.3, f0=300, f1=600)
    page.locator("#sources [data-what=marked]").click()
    until(page, lambda: page.locator("#sources [data-what=marked]").get_attribute("aria-checked") == "true")
    alone = samples(page, "marked", 1)
    edited(page, lambda: page.keyboard.press("Delete"))
    rest = samples(page)
    off = np.abs(alone.astype(float) + rest - whole).max()
    assert off < 1e-5 * np.abs(whole).max() and np.abs(alone).max() > 0.1
    assert np.abs(samples(page, "difference") + alone).max() < 1e-6


def test_undos_and_redos_bring_back_every_byte_and_mark(page):
    seen = [(samples(page).tobytes(), None)]
    for n in range(3):
        mark(page, t0=0.4 + 0.3 * n, t1=0.7 + 0.3 * n, f0=300 + 100 * n, f1=1000)
        key = ("Delete", "-", "+")[n]
        edited(page, lambda key=key: page.locator("#cells").press(key))
        seen.append((samples(page).tobytes(), marked(page)))
    assert len({sound for sound, _ in seen}) == 4
    for n in (2, 1, 0):
        edited(page, lambda: page.keyboard.press("Control+z"))
        assert samples(page).tobytes() == seen[n][0] and marked(page) == seen[n + 1][1]
    assert page.locator("#undo").is_disabled() and page.locator("#edits").is_hidden()
    for n in (1, 2, 3):
        edited(page, lambda: page.keyboard.press("Control+Shift+z"))
        assert samples(page).tobytes() == seen[n][0] and marked(page) == seen[n][1]
    assert page.locator("#redo").is_disabled()


def test_the_command_shown_gives_the_bytes_of_the_download(page, both, tmp_path):
    mark(page, t0=0.5, t1=1.0, f0=400, f1=480)
    page.locator("#soft").select_option("2")
    page.locator("#gain").fill("−20")
    edited(page, lambda: page.locator("#change").click())
    edited(page, lambda: page.locator("#fainter").click())
    assert command(page) == f"photophone edit {both} --edits both.edits.json -o both-edited.wav"
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    assert [save(page, kind, here) for kind in ("WAV", "Edits")] == ["both-edited.wav", "both.edits.json"]
    told = json.loads((here / "both.edits.json").read_text())
    assert [edit["action"] for edit in told["edits"]] == [{"gain_db": -20.0}, {"gain_db": -6.0}]
    (there / "both.edits.json").write_bytes((here / "both.edits.json").read_bytes())
    subprocess.run([COMMAND, *command(page).split()[1:], "--quiet"], check=True, cwd=there)
    assert (there / "both-edited.wav").read_bytes() == (here / "both-edited.wav").read_bytes()


def test_a_reload_keeps_edits_and_leaving_them_is_asked_about(page, tones, tmp_path):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    mark(page, t0=0.5, t1=1.0, f0=400, f1=480)
    edited(page, lambda: page.locator("#erase").click())
    before = samples(page).tobytes()
    page.reload()
    state(page, "Ready")
    settled(page)
    assert asked == ["beforeunload"]
    assert samples(page).tobytes() == before and page.locator("#edits li").count() == 1
    # What was done is picked, moved, and removed; and undone still.
    page.locator("#edits .row").click()
    assert marked(page) == ["0.500", "1.000", "400.0", "480.0"]
    mark(page, t1=1.2)
    edited(page, lambda: page.locator("#edits .chips button", has_text="Move to").click())
    assert edits(page)["list"][0]["shape"] == {"rectangle": {"secs": [0.5, 1.2], "hz": [400, 480]}}
    page.locator("#edits .row").click()
    edited(page, lambda: page.locator("#edits .chips button", has_text="Remove").click())
    assert page.locator("#edits").is_hidden() and edits(page)["list"] == []
    edited(page, lambda: page.locator("#undo").click())
    edited(page, lambda: page.locator("#undo").click())
    assert samples(page).tobytes() == before
    save(page, "Edits", tmp_path)
    page.locator("#chooser").set_input_files(tones)
    until(page, lambda: page.locator("#file b").inner_text() == "tones.wav")
    assert asked == ["beforeunload"]


def test_the_keyboard_alone_edits_and_hears_all_four_sounds(page):
    def heard():
        return page.locator("#sources [aria-checked=true]").get_attribute("data-what")

    page.keyboard.press("Delete")
    assert edits(page)["list"] == [] and page.locator("#live").inner_text() == "Mark a part first."
    page.locator("#cells").focus()
    page.keyboard.press("f")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowUp")
    edited(page, lambda: page.keyboard.press("Delete"))
    assert "band" in edits(page)["list"][0]["shape"]
    page.evaluate(
        """() => {
          window.starts = [];
          const { start } = AudioBufferSourceNode.prototype;
          AudioBufferSourceNode.prototype.start = function (...told) { starts.push(told); return start.apply(this, told); };
        }"""
    )
    page.keyboard.press("Shift+L")
    page.keyboard.press("Space")
    until(page, lambda: float(page.locator("#now").inner_text()) > 0.05)
    for key, what in (("2", "original"), ("3", "marked"), ("4", "difference"), ("1", "edited")):
        before, begun = float(page.locator("#now").inner_text()), time.monotonic()
        page.keyboard.press(key)
        until(page, lambda what=what: heard() == what)
        page.wait_for_timeout(100)
        # The same place, and on from there; the loop may have begun anew.
        passed = (float(page.locator("#now").inner_text()) - before) % 2.5
        assert 0 < passed < time.monotonic() - begun + 0.1
        assert page.locator("#play").get_attribute("title").startswith("Pause")
    # Each goes on where the one before was, to the sample: what begins `when` at `offset` is the same loop of 2.5 s.
    starts = page.evaluate("starts")
    phases = [((offset - when) - (starts[0][1] - starts[0][0])) % 2.5 for when, offset, _ in starts]
    assert len(starts) > 4 and all(min(phase, 2.5 - phase) < 1.5 / 44100 for phase in phases), phases
    page.keyboard.press("3")
    until(page, lambda: heard() == "marked")
    page.keyboard.press("Escape")
    until(page, lambda: heard() == "edited")
    assert page.locator("#sources [data-what=marked]").is_disabled()
    edited(page, lambda: page.keyboard.press("Control+z"))
    assert edits(page)["list"] == []


@pytest.mark.parametrize(
    ("key", "way"),
    [
        # An outline that is drawn the one way round, and a stroke that crosses itself.
        ("l", [(0.9, 440), (1.0, 380), (1.6, 380), (1.7, 440), (1.6, 510), (1.0, 510)]),
        ("b", [(0.9, 430), (1.7, 430), (1.7, 450), (0.9, 450), (1.3, 425), (1.7, 440), (0.9, 440)]),
    ],
)
def test_lasso_and_brush_erase_what_they_went_over(page, key, way, both, tmp_path):
    before = samples(page)
    page.locator("#cells").focus()
    page.keyboard.press(key)
    if key == "b":
        page.locator("#brush-cents").fill("200")
        page.locator("#brush-ms").fill("100")
    drag(page, way)
    assert float(page.locator("#mark-t0").input_value()) < 1 < float(page.locator("#mark-t1").input_value())
    edited(page, lambda: page.locator("#erase").click())
    (edit,) = edits(page)["list"]
    assert len(edit["shape"]["lasso"]["points"]) < 1000
    after = samples(page)
    middle = slice(int(1.15 * 44100), int(1.45 * 44100))
    for old, new in zip(before, after):
        assert level(new[middle], 440) < level(old[middle], 440) - 60
        assert abs(level(new[middle], 880) - level(old[middle], 880)) < 0.1
        assert np.array_equal(new[: int(0.4 * 44100)], old[: int(0.4 * 44100)])
    # The mark comes back with an undone edit, and is moved by what is dragged in it.
    was = marked(page)
    page.keyboard.press("Escape")
    page.locator("#cells").press("Escape")
    edited(page, lambda: page.keyboard.press("Control+z"))
    assert marked(page) == was and samples(page).tobytes() == before.tobytes()
    page.keyboard.press("l")
    drag(page, [(1.3, 440), (1.5, 440)])
    assert abs(float(marked(page)[0]) - float(was[0]) - 0.2) < 0.01


def test_two_pages_edit_one_sound_and_neither_loses_the_others_edit(page, both):
    other = page.context.new_page()
    other.goto(page.url)
    other.evaluate("key => sessionStorage.setItem('photophone-token', key)", page.evaluate("sessionStorage.getItem('photophone-token')"))
    other.reload()
    state(other, "Ready")
    settled(other)
    for one, f0 in ((page, 400), (other, 800)):
        mark(one, t0=0.5, t1=1.0, f0=f0, f1=f0 + 80)
        edited(one, lambda one=one: one.locator("#erase").click())
    assert len(edits(page)["list"]) == 2
    edited(page, lambda: page.locator("#fainter").click())
    assert page.locator("#edits li").count() == 3 and page.locator("#alert").is_hidden()
