"""Recovers clips of many kinds and prints the tables of docs/limits.md.

usage: clips.py [--offsets] PHOTOPHONE FOLDER [GALLERY]      FOLDER is for the clips; --offsets: that table alone

Each clip is three seconds at 44.1 kHz, made here from formulas. Its coefficients come from librosa
(84 bins from C1, hop 512, pad_mode "reflect").
"""
import pathlib
import subprocess
import sys

import librosa
import numpy as np
import soundfile

RATE = 44100
SECS = 3.0
BAND_HZ = (30.0, 4100.0)
LOWEST_HZ, HIGHEST_HZ = (440 * 2 ** ((note - 69) / 12) for note in (24, 107))
N = int(RATE * SECS)
T = np.arange(N) / RATE


def tone(hz, amplitude=1.0):
    """A sine whose frequency may change over time."""
    return amplitude * np.sin(2 * np.pi * np.cumsum(np.broadcast_to(hz, N)) / RATE)


def harmonics(hz, count, fall):
    return sum(tone(np.asarray(hz) * h, h**-fall) for h in range(1, count + 1))


def spectrum_shaped(noise, gain):
    spectrum = np.fft.rfft(noise)
    return np.fft.irfft(spectrum * gain(np.fft.rfftfreq(N, 1 / RATE)), N)


def resonance(hz, width_hz):
    return lambda f: 1 / (1 + ((f - hz) / width_hz) ** 2)


def notes(table, count=8, fall=1.0, decay=3.0):
    """(onset, length, hz): struck notes."""
    out = np.zeros(N)
    for onset, length, hz in table:
        since = T - onset
        envelope = np.where((since >= 0) & (since < length), np.exp(-decay * np.maximum(since, 0)), 0)
        envelope *= np.clip(since / 0.004, 0, 1) * np.clip((length - since) / 0.02, 0, 1)
        out += envelope * harmonics(hz, count, fall)
    return out


def hits(rng, onsets, decay, low, high):
    out = np.zeros(N)
    for onset in onsets:
        out += np.where(T >= onset, np.exp(-decay * np.maximum(T - onset, 0)), 0) * rng.standard_normal(N)
    return spectrum_shaped(out, lambda f: (f > low) & (f < high))


def vowel(rng):
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * T) + 3 * np.sin(2 * np.pi * 5 * T)
    source = harmonics(pitch, 40, 1.0)
    a, i = (
        sum(spectrum_shaped(source, resonance(hz, 90)) for hz in formants)
        for formants in ((730, 1090, 2440), (270, 2290, 3010))
    )
    mix = 0.5 + 0.5 * np.sin(2 * np.pi * 1.3 * T)
    hiss = spectrum_shaped(rng.standard_normal(N), lambda f: f > 2500) * (np.sin(2 * np.pi * 1.1 * T) > 0.8)
    voiced = (np.sin(2 * np.pi * 1.1 * T + 0.4) > -0.7).astype(float)
    voiced = np.convolve(voiced, np.hanning(2000) / 1000, "same")
    return voiced * (mix * a + (1 - mix) * i) + 0.2 * hiss


def clips():
    rng = np.random.default_rng(7)
    white = rng.standard_normal(N)
    scale = 440 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19]) / 12)
    vibrato = 440 * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 5.5 * T))
    birds = 3000 + 900 * np.sin(2 * np.pi * 6 * T) * np.sin(2 * np.pi * 0.8 * T)
    return {
        "white noise": white,
        "pink noise": spectrum_shaped(white, lambda f: np.maximum(f, 20.0) ** -0.5),
        "tremolo noise": spectrum_shaped(white, lambda f: (f > 500) & (f < 3500)) * (1 + np.sin(2 * np.pi * 4 * T)),
        "sweep": tone(100 * 40 ** (T / SECS)),
        "vibrato": harmonics(vibrato, 8, 0.7),
        "glide": harmonics(200 * 4 ** (T / SECS), 10, 0.8),
        "arpeggio": notes([(0.24 * k, 0.7, hz) for k, hz in enumerate(scale)]),
        "chords": notes([(k, 1.0, 261.6 * 2 ** (s / 12)) for k in range(3) for s in (k, 4 + k, 7 + k, 12)], 10, 1.0, 1.0),
        "bells": notes([(0.6 * k, 2.4, 500 + 130 * k) for k in range(5)], 1) + notes(
            [(0.6 * k, 2.4, (500 + 130 * k) * r) for k in range(5) for r in (2.76, 5.4)], 1, 1.0, 5.0
        ),
        "bass": notes([(0.5 * k, 0.5, 41.2 * 2 ** (k / 6)) for k in range(6)], 12, 1.0, 2.0),
        "drums": hits(rng, np.arange(0.1, 3, 0.5), 25, 30, 400) * 4 + hits(rng, np.arange(0.35, 3, 0.5), 18, 300, 8000),
        "clicks": np.bincount((np.arange(0.05, 2.95, 0.11) * RATE).astype(int), minlength=N)[:N].astype(float),
        "birds": tone(birds) * np.maximum(np.sin(2 * np.pi * 2 * T), 0),
        "voice": vowel(rng),
        "beeps in silence": tone(1760) * ((T > 1.0) & (T < 1.2)) + tone(2637) * ((T > 1.6) & (T < 1.75)),
        "band": notes([(0.24 * k, 0.7, hz) for k, hz in enumerate(scale)]) + hits(rng, np.arange(0, 3, 0.5), 30, 30, 6000),
    }


def snr_db(truth, sound):
    n = min(len(truth), len(sound))
    f = np.fft.rfftfreq(n, 1 / RATE)
    inside = (f >= BAND_HZ[0]) & (f <= BAND_HZ[1])
    a, b = np.fft.rfft(truth[:n])[inside], np.fft.rfft(sound[:n])[inside]
    return 10 * np.log10(np.sum(np.abs(a) ** 2) / np.sum(np.abs(a - b) ** 2))


def stft_sc_db(truth, sound):
    """Spectral convergence in the band after the best gain; score.py's stft_sc_db."""
    n = min(len(truth), len(sound))
    inside = slice(*(int(np.ceil(hz * 2048 / RATE)) for hz in BAND_HZ))
    a, b = (np.abs(librosa.stft(x[:n], n_fft=2048, hop_length=512))[inside] for x in (truth, sound))
    gain = np.sum(a * b) / max(np.sum(b * b), 1e-30)
    return 20 * np.log10(np.linalg.norm(a - gain * b) / np.linalg.norm(a))


def grid_sc_db(magnitudes, sound):
    made = np.abs(transformed(np.pad(sound, (0, max(0, N - len(sound))))[:N]))[:, : magnitudes.shape[1]]
    return 20 * np.log10(np.linalg.norm(made - magnitudes) / np.linalg.norm(magnitudes))


def transformed(y):
    return librosa.cqt(y, sr=RATE, hop_length=512, pad_mode="reflect", tuning=0.0)


def recovered(binary, source, folder, *flags):
    """The sound of a picture or array."""
    sound = folder / "sound.wav"
    command = [binary, "recover", str(source), "--force", "-o", str(sound), "--bits", "float", *flags]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return soundfile.read(sound)[0]


KNOWN = ["--sr", str(RATE), "--hop", "512", "--pad-mode", "reflect", "--length", str(N)]


def row(name, figures):
    print(f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |", flush=True)


def inverses(binary, folder, sounds):
    print("\n## Inverses\n\nSNR in dB, 30 to 4100 Hz, from the coefficients.\n")
    print("| clip | librosa `icqt` | `--inverse linear` | `--inverse adaptive` |\n|---|---|---|---|")
    for name, (y, c) in sounds.items():
        np.save(folder / "cqt.npy", c)
        figures = [snr_db(y, librosa.icqt(c, sr=RATE, hop_length=512, length=N, tuning=0.0))]
        for inverse in ("linear", "adaptive"):
            figures.append(snr_db(y, recovered(binary, folder / "cqt.npy", folder, "--inverse", inverse, *KNOWN)))
        row(name, figures)


def ranges(binary, folder, sounds):
    print("\n## Ranges\n\nSNR in dB, 30 to 4100 Hz, from an 8-bit picture and its phase: each level as the centre")
    print("of its range (`--centres`), and as a range.\n")
    names = [f"{depth} dB, {how}" for depth in (80, 60, 40) for how in ("centres", "ranges")]
    print("| clip | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for name in ("sweep", "arpeggio", "chords", "voice", "drums", "band"):
        y = sounds[name][0]
        soundfile.write(folder / "y.wav", y, RATE, subtype="FLOAT")
        figures = []
        for depth in (80, 60, 40):
            picture = folder / "y.png"
            told = ["--levels", f"db:-{depth}:0", "--pad-mode", "reflect"]
            command = [binary, "draw", str(folder / "y.wav"), "--force", "-o", str(picture), *told]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            figures += [snr_db(y, recovered(binary, picture, folder, *how)) for how in (["--centres"], [])]
        row(name, figures)


def phaseless(binary, folder, sounds):
    print("\n## Without phase\n\nFrom the magnitudes alone: spectral convergence on the grid and, what counts, of a")
    print("spectrogram of the sound against the original's (`stft_sc_db`, 30 to 4100 Hz); dB, lower is better.\n")
    print("| clip | librosa `griffinlim_cqt`, 100 steps | | `--phase-method heap` | | refined | |")
    print("|---|---|---|---|---|---|---|\n| | grid | stft | grid | stft | grid | stft |")
    for name, (y, c) in sounds.items():
        global N
        N = len(y)
        known = [*KNOWN[:-1], str(N)]
        magnitudes = np.abs(c)
        np.save(folder / "magnitudes.npy", magnitudes)
        made = librosa.griffinlim_cqt(
            magnitudes, n_iter=100, sr=RATE, hop_length=512, pad_mode="reflect", length=N, random_state=0, tuning=0.0
        )
        sounds_made = [made] + [
            recovered(binary, folder / "magnitudes.npy", folder, "--phase-method", method, *known)
            for method in ("heap", "refined")
        ]
        row(name, [measure for made in sounds_made for measure in (grid_sc_db(magnitudes, made), stft_sc_db(y, made))])


def outside(y):
    """What is added to clips outside of the bins, up to full scale, and how loud the clip, whose peak is 0.5, is then. The sum
    stays below full scale: a sound that would clip is written quieter."""
    ramp, hz = np.linspace(-1, 1, len(y)), lambda f: np.sin(2 * np.pi * f * np.arange(len(y)) / RATE + 1)
    wander = np.cumsum(np.random.default_rng(1).standard_normal(len(y)))
    return {
        "none": (0 * y, 1.0),
        "offset 0.05": (0 * y + 0.05, 1.0),
        "offset 0.3": (0 * y + 0.3, 1.0),
        "offset 0.95, sound 20 times as quiet": (0 * y + 0.95, 0.05),
        "drift -0.3 to 0.4": (0.05 + 0.35 * ramp, 1.0),
        "random walk, peak 0.45": (0.45 * (wander - wander.mean()) / np.abs(wander - wander.mean()).max(), 1.0),
        "12 Hz, 0.45": (0.45 * hz(12.0), 1.0),
        "25 Hz, 0.45": (0.45 * hz(25.0), 1.0),
        "0.9 times the lowest bin, 0.45": (0.45 * hz(0.9 * LOWEST_HZ), 1.0),
        "1.02 times the highest bin, 0.05": (0.05 * hz(1.02 * HIGHEST_HZ), 1.0),
        "1.02 times the highest bin, 0.45": (0.45 * hz(1.02 * HIGHEST_HZ), 1.0),
        "1.07 times the highest bin, 0.45": (0.45 * hz(1.07 * HIGHEST_HZ), 1.0),
        "1.15 times the highest bin, 0.45": (0.45 * hz(1.15 * HIGHEST_HZ), 1.0),
        "1.2 times the highest bin, 0.9, sound 5 times as quiet": (0.9 * hz(1.2 * HIGHEST_HZ), 0.2),
        "15 kHz, 0.99": (0.99 * hz(15000.0), 1.0),
    }


def within_bins_db(clean, error):
    """Energy of a clip over that of an error, from the lowest bin's centre to the highest's."""
    f = np.fft.rfftfreq(len(clean), 1 / RATE)
    inside = (f >= LOWEST_HZ) & (f <= HIGHEST_HZ)
    clean, error = (np.sum(np.abs(np.fft.rfft(x)[inside]) ** 2) for x in (clean, error))
    return 10 * np.log10(clean / error)


def offsets(binary, folder, clean):
    print("\n## Offsets and rumble\n\nSNR in dB, from the lowest bin (33 Hz) to the highest (3951 Hz), from the coefficients of")
    print("clips with sound added outside of the bins: energy of the clip over that of the error, `--inverse linear` /")
    print("`--inverse adaptive`. What is added never counts as signal.\n")
    print("| added | " + " | ".join(clean) + " |\n|---|" + "---|" * len(clean))
    tables = {name: outside(y) for name, (y, _) in clean.items()}
    for added in next(iter(tables.values())):
        cells = []
        for name, table in tables.items():
            disturbance, gain = table[added]
            quiet = gain * clean[name][0]
            y = quiet + disturbance
            np.save(folder / "cqt.npy", transformed(y.astype(np.float32)))
            known = [*KNOWN[:-1], str(len(y))]
            sounds = [
                recovered(binary, folder / "cqt.npy", folder, "--inverse", inverse, *known)
                for inverse in ("linear", "adaptive")
            ]
            cells.append(" / ".join(f"{within_bins_db(quiet, y - sound):.2f}" for sound in sounds))
        print(f"| {added} | " + " | ".join(cells) + " |", flush=True)


def gallery_clips(gallery):
    out = {}
    for name in ("trumpet", "libri1", "vibeace"):
        y = soundfile.read(gallery / name / "truth.wav")[0]
        out[name] = (y, np.load(gallery / name / "cqt.npy"))
    return out


def main():
    only_offsets = "--offsets" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--offsets"]
    binary, folder = arguments[0], pathlib.Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    sounds = {}
    for name, y in clips().items():
        y = 0.5 * y / np.abs(y).max()
        sounds[name] = (y, transformed(y))
    disturbed = {name: sounds[name] for name in ("chords", "voice")}
    if len(arguments) > 2:
        disturbed |= gallery_clips(pathlib.Path(arguments[2]))
    if only_offsets:
        return offsets(binary, folder, disturbed)
    inverses(binary, folder, sounds)
    ranges(binary, folder, sounds)
    chosen = {name: sounds[name] for name in ("sweep", "arpeggio", "chords", "voice", "drums", "band")}
    if len(arguments) > 2:
        chosen |= gallery_clips(pathlib.Path(arguments[2]))
    phaseless(binary, folder, chosen)
    offsets(binary, folder, disturbed)


if __name__ == "__main__":
    main()
