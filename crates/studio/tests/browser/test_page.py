"""The page in a real browser."""

import json
import re
import subprocess
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import COMMAND
from helpers import command, edited, mark, settled, state, until

FIGURES = Path(__file__).parents[3] / "photophone/tests/figures"


def is_read(page):
    """Waits until a picture is read, with or without things to check."""
    until(page, lambda: re.match(r"Read(,|$)", page.locator("#state").inner_text()))


def choose(page, path):
    page.locator("#chooser").set_input_files(path)


def finding(page, label):
    """Provenance and value of a finding."""
    row = page.locator(".findings li", has=page.locator(f"span:text-is('{label}')"))
    return row.get_attribute("class").split()[0], row.locator("b").first.inner_text()


def open_finding(page, label):
    page.locator(".findings button.row", has=page.locator(f"span:text-is('{label}')")).click()


def colour_at(page, secs, hz):
    """The colour of the cells at a time and a frequency, as they are drawn."""
    return page.evaluate(
        """async ([secs, hz]) => {
          const { rowFromHz } = await import('/axes.js');
          const { json } = await import('/server.js');
          const { documents } = await json('state');
          const { sound } = await json(`doc/${documents.at(-1).id}/report`);
          const cells = document.getElementById('cells');
          const row = Math.round(rowFromHz(sound.centres, hz)) + 0.5;
          const x = Math.round((secs / (sound.samples / sound.rate)) * cells.width);
          const y = Math.floor((1 - row / sound.centres.length) * cells.height);
          const one = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          one.drawImage(cells, x, y, 1, 1, 0, 0, 1, 1);
          return [...one.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        }""",
        [secs, hz],
    )


def palette_entry(page, name, share):
    return page.evaluate(
        """async ([name, share]) => {
          const { bytes } = await import('/server.js');
          const entries = new Uint8Array(await bytes(`palette/${name}`));
          const at = 3 * Math.round(share * (entries.length / 3 - 1));
          return [...entries.slice(at, at + 3)];
        }""",
        [name, share],
    )


def test_a_sound_is_drawn_at_its_levels_in_every_palette_and_density(serve, visit, tones):
    server = serve(tones)
    for density in (1, 2):
        page = visit(server.link, device_scale_factor=density)
        state(page, "Ready")
        assert page.url == server.link.split("#")[0] and server.link.split("=")[1] not in page.url
        assert finding(page, "Sample rate") == ("read", "44\u202f100 Hz")
        for name in ("magma", "viridis", "gray"):
            page.locator("#palette").select_option(name)
            page.locator("#low").fill("-80")
            page.locator("#high").fill("0")
            page.locator("#high").press("Enter")
            settled(page)
            # -20 dB of -80 to 0, and silence an octave above until the second tone comes.
            assert colour_at(page, 0.5, 440) == palette_entry(page, name, 0.75)
            assert colour_at(page, 0.5, 1760) == palette_entry(page, name, 0)
        assert "tones.wav" in command(page) and command(page).startswith("photophone draw ")
        page.context.close()


def test_what_stands_under_the_pointer_is_a_number(serve, visit, tones):
    page = visit(serve(tones).link)
    state(page, "Ready")
    settled(page)
    box = page.locator("#cells").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    text = page.locator("#tip").inner_text()
    assert re.search(r"0\.5\d\d s", text.replace("\n", " ")) and "Hz" in text and "dB" in text, text


def test_an_own_picture_is_sounded_to_the_bytes_of_the_command_shown(serve, visit, drawn, tmp_path):
    page = visit(serve(drawn).link)
    is_read(page)
    assert finding(page, "Palette") == ("given", "magma")
    assert finding(page, "Sample rate")[0] == "given"
    assert command(page) == f"photophone recover {drawn}"
    page.locator("#make").click()
    state(page, "Ready")
    page.locator("#download").click()
    with page.expect_download() as begun:
        page.locator("#download-list button", has_text="WAV").click()
    assert begun.value.suggested_filename == "tone.recovered.wav"
    here = tmp_path / begun.value.suggested_filename
    begun.value.save_as(here)
    there = tmp_path / "command.wav"
    subprocess.run([COMMAND, *command(page).split()[1:], "-o", there, "-q"], check=True)
    assert here.read_bytes() == there.read_bytes()
    # Its sound is edited as others are, and the command makes it first: that half has just been run.
    mark(page, t0=0.1, t1=0.3, f0=300, f1=600)
    edited(page, lambda: page.locator("#erase").click())
    for kind in ("WAV", "Edits"):
        page.locator("#download").click()
        with page.expect_download() as begun:
            page.locator("#download-list button", has_text=kind).click()
        begun.value.save_as(tmp_path / ("page" if kind == "WAV" else "") / begun.value.suggested_filename)
    makes, edits = command(page).split(" && ")
    assert makes == f"photophone recover {drawn} -o tone.recovered.wav"
    subprocess.run([COMMAND, "-q", *edits.split()[1:]], check=True, cwd=tmp_path)
    assert (tmp_path / "tone-edited.wav").read_bytes() == (tmp_path / "page" / "tone-edited.wav").read_bytes()


def test_a_bare_picture_asks_and_takes_corrections_and_gives_them_back(serve, visit, bare):
    server = serve()
    page = visit(server.link)
    settled(page)
    choose(page, bare)
    is_read(page)
    titles = page.locator(".question h2").all_inner_texts()
    assert titles[:2] == ["Which sample rate?", "Is there a phase?"] and len(titles) <= 3
    assert finding(page, "Sample rate")[0] == "assumed"
    page.locator(".question button", has_text="44").first.click()
    until(page, lambda: "--sr 44100" in command(page))
    assert finding(page, "Sample rate") == ("given", "44\u202f100 Hz")
    assert command(page) == "photophone recover bare.png --sr 44100"
    page.locator(".question button", has_text="Go on without").click()
    assert "Is there a phase?" not in page.locator("#questions").inner_text()
    # What is not understood is said, and changes nothing.
    open_finding(page, "Hop")
    page.locator("input[aria-label=Hop]").fill("many")
    page.locator("input[aria-label=Hop]").press("Enter")
    page.wait_for_selector("#alert:not([hidden])")
    assert command(page) == "photophone recover bare.png --sr 44100"
    page.locator("#alert button").click()
    open_finding(page, "Sample rate")
    page.locator(".fix button", has_text="As read").click()
    until(page, lambda: "--sr" not in command(page))
    assert finding(page, "Sample rate")[0] == "assumed"


def test_an_edge_that_is_dragged_is_given_and_a_double_click_takes_it_back(serve, visit, bare):
    page = visit(serve(bare).link)
    is_read(page)
    settled(page)
    read = finding(page, "Frame")
    assert read[0] == "read"
    box = page.locator(".reach[aria-label='Right edge']").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    scale = page.locator("#wrap").bounding_box()["width"] / page.evaluate("document.getElementById('image').naturalWidth")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 10 * scale, y, steps=4)
    assert page.locator("#loupe").is_visible()
    page.mouse.up()
    until(page, lambda: "--crop" in command(page))
    kind, text = finding(page, "Frame")
    width = page.evaluate("document.getElementById('image').naturalWidth")
    assert kind == "given" and text.startswith(f"{width - 10} × "), text
    assert f"--crop 0,0,{width - 10}," in command(page)
    page.locator(".reach[aria-label='Right edge']").dblclick()
    until(page, lambda: "--crop" not in command(page))
    assert finding(page, "Frame") == read


def test_a_figure_shows_its_frame_ticks_and_bar(serve, visit):
    figure = FIGURES / "notes.png"
    page = visit(serve(figure).link)
    is_read(page)
    assert page.locator("#over .line").count() > 4
    assert finding(page, "Frequencies")[0] == "read"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
        ("broken.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "damaged"),
        ("note.txt", b"hello", "neither a sound nor a picture"),
        ("picture.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 ", "This is a WebP picture."),
        ("<img src=x onerror=alert(1)>.txt", b"hello", "neither a sound nor a picture"),
    ],
)
def test_what_cannot_be_opened_is_said_and_nothing_is_lost(serve, visit, tones, tmp_path, name, content, said):
    page = visit(serve(tones).link)
    state(page, "Ready")
    choose(page, {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.wait_for_selector("#alert:not([hidden])")
    text = page.locator("#alert").inner_text()
    assert said in text and str(tmp_path) not in text and "/tmp" not in text, text
    state(page, "Ready")
    assert page.locator("#file b").inner_text() == "tones.wav"


def test_a_tab_without_the_link_says_so_and_a_reload_loses_nothing(serve, visit, bare):
    server = serve(bare)
    page = visit(server.link.split("#")[0])
    page.wait_for_selector("text=Open the link that the command printed.")
    page = visit(server.link)
    is_read(page)
    page.locator(".question button", has_text="22").first.click()
    until(page, lambda: "--sr 22050" in command(page))
    page.reload()
    is_read(page)
    assert "--sr 22050" in command(page)


def test_the_link_is_followed_out_of_a_file_and_is_in_no_history(serve, visit, tones, tmp_path):
    """As the browser is opened: a page that only this user can read leads to the link."""
    server = serve(tones)
    file = tmp_path / "open.html"
    file.write_text(f'<!doctype html><meta http-equiv=refresh content="0;url={server.link}">')
    page = visit(file.as_uri())
    page.wait_for_url(server.link.split("#")[0])
    state(page, "Ready")
    assert "t=" not in page.evaluate("location.href + JSON.stringify(history.state)")


def test_a_recovery_is_cancelled_with_all_as_before_and_the_next_one_works(serve, visit, bare):
    page = visit(serve(bare).link)
    is_read(page)
    before = command(page)
    page.locator("#make").click()
    page.locator("#cancel").click()
    is_read(page)
    assert command(page) == before and page.locator("#transport").is_hidden()
    page.locator("#make").click()
    state(page, "Ready")
    assert page.locator("#heard").inner_text() == "from magnitudes only"


def test_ctrl_c_in_a_recovery_ends_with_0_in_a_second_and_leaves_no_files(serve, visit, bare):
    server = serve()
    page = visit(server.link)
    settled(page)
    choose(page, bare)
    is_read(page)
    assert len(list(server.temporary.iterdir())) == 1
    page.locator("#make").click()
    page.wait_for_timeout(100)
    begun = time.monotonic()
    assert server.interrupt() == 0
    assert time.monotonic() - begun < 1.5
    page.locator("#make").click()
    page.wait_for_selector("#alert:not([hidden])")
    assert "Photophone has stopped." in page.locator("#alert").inner_text()
    assert list(server.temporary.iterdir()) == []


def test_the_keyboard_alone_marks_plays_and_drops(serve, visit, tones):
    page = visit(serve(tones).link)
    state(page, "Ready")
    settled(page)
    page.keyboard.press("t")
    assert page.locator("[data-tool=time]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("r")
    page.locator("#cells").focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    t0, t1 = (float(page.locator(f"#mark-{end}").input_value()) for end in ("t0", "t1"))
    assert t1 > t0 and "Hz" in page.locator("#live").inner_text()
    page.locator("#mark-t1").fill("1.5")
    page.locator("#mark-t1").press("Enter")
    page.locator("#mark-f0").fill("A4")
    page.locator("#mark-f0").press("Enter")
    assert page.locator("#mark-t1").input_value() == "1.500"
    assert page.locator("#mark-f0").input_value() == "440.0"
    page.locator("#cells").focus()
    page.keyboard.press("Enter")
    until(page, lambda: page.locator("#play").get_attribute("title").startswith("Pause"))
    until(page, lambda: float(page.locator("#now").inner_text()) > t0 + 0.05)
    page.keyboard.press("Space")
    until(page, lambda: page.locator("#play").get_attribute("title").startswith("Play"))
    page.keyboard.press("Escape")
    assert page.locator("#fields").is_hidden()


def test_a_mark_is_dragged_moved_and_stretched_and_the_view_zooms(serve, visit, tones):
    page = visit(serve(tones).link)
    state(page, "Ready")
    settled(page)
    box = page.locator("#cells").bounding_box()

    def at(x, y):
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def drag(a, b):
        page.mouse.move(*at(*a))
        page.mouse.down()
        page.mouse.move(*at(*b), steps=5)
        page.mouse.up()

    def mark():
        return [float(page.locator(f"#mark-{end}").input_value()) for end in ("t0", "t1", "f0", "f1")]

    drag((0.25, 0.3), (0.5, 0.6))
    t0, t1, f0, f1 = mark()
    assert abs(t0 - 0.5) < 0.01 and abs(t1 - 1.0) < 0.01 and f0 < f1
    drag((0.5, 0.45), (0.75, 0.45))
    assert abs(mark()[1] - 1.5) < 0.01 and mark()[0] == t0 and mark()[2:] == [f0, f1]
    drag((0.4, 0.45), (0.5, 0.45))
    assert abs(mark()[0] - (t0 + 0.2)) < 0.01
    page.mouse.move(*at(0.5, 0.5))
    page.keyboard.down("Control")
    for _ in range(5):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    settled(page)
    assert "0.6 to 1.4 s" in page.locator("#cells").get_attribute("aria-label")


@pytest.mark.parametrize("how", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
def test_axe_finds_no_fault(serve, visit, how, tones, bare):
    server = serve()
    page = visit(server.link, **how)
    page.on("dialog", lambda dialog: dialog.accept())
    settled(page)
    for path, ready in ((None, ""), (tones, "Ready"), (bare, None)):
        if path:
            choose(page, path)
            is_read(page) if ready is None else state(page, ready)
            settled(page)
        if path == tones:
            mark(page, t0=0.5, t1=1.2, f0=400, f1=480)
            edited(page, lambda: page.locator("#cells").press("-"))
            # In a narrow window the list lies in the pane behind a button.
            if "viewport" in how:
                page.locator("#pane").click()
            page.locator("#edits .row").click()
            settled(page)
        found = Axe().run(page).response["violations"]
        assert found == [], json.dumps([(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found], indent=1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
