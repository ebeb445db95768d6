// Playing: stretches of samples, fetched as they are needed and started one after another to the sample.

import { bytes } from './server.js';

/** Samples of a stretch, and how far ahead of the ear they are scheduled, in seconds. */
const [STRETCH, AHEAD] = [1 << 17, 3];

/** How long a beginning and an end take, so that neither clicks, in seconds. */
const FADE = 0.01;

/** How far ahead of the ear one sound turns into another, in seconds: that much is fetched before. */
const SOON = 0.01;

/** Stretches that are kept. */
const KEPT = 24;

/** How often is looked what comes next, in milliseconds. */
const PERIOD = 100;

export class Player {
  /** `ended` is called when the sound is over, `failed` with what went wrong. */
  constructor({ ended, failed }) {
    Object.assign(this, { ended, failed });
    this.context = null;
    this.run = null;
    this.loops = false;
    this.stretches = new Map();
    this.what = 'edited';
    this.turns = 0;
  }

  load(id, sound, revision) {
    this.stop();
    Object.assign(this, { id, sound, what: 'edited' });
    this.revisions = { edited: revision, difference: revision, original: 0, marked: 0 };
    this.secs = sound.samples / sound.rate;
    this.stretches.clear();
    this.position = 0;
  }

  get isPlaying() { return this.run !== null; }

  /** A context is made at the first click: browsers let none sound before. At the sound's own rate nothing is resampled. */
  ready() {
    if (this.context?.rate !== this.sound.rate) {
      this.context?.audio.close();
      let audio;
      try {
        audio = new AudioContext({ sampleRate: this.sound.rate });
      } catch {
        audio = new AudioContext();
      }
      this.context = { audio, rate: this.sound.rate };
    }
    return this.context.audio;
  }

  /** Plays from a time to another; loops between them where looping is on. */
  async play(from = this.position ?? 0, [start, end] = [0, this.secs]) {
    this.stop();
    if (from >= end || from < start) from = start;
    const audio = this.ready();
    const run = this.made(audio, [start, end], from);
    this.run = run;
    try {
      await audio.resume();
      await this.stretch(Math.floor((from * this.sound.rate) / STRETCH));
      if (this.run !== run) return;
      this.fadeIn(run, audio.currentTime + 0.03);
      await this.schedule(run);
    } catch (error) {
      if (this.run === run) this.stop();
      this.failed(error);
    }
  }

  /** A run that is not heard yet. */
  made(audio, [start, end], from) {
    const gain = audio.createGain();
    gain.connect(audio.destination);
    return { audio, gain, start, end, next: from, when: 0, pieces: [], nodes: new Set(), timer: 0 };
  }

  fadeIn(run, when) {
    run.when = when;
    run.gain.gain.setValueAtTime(0, when);
    run.gain.gain.linearRampToValueAtTime(1, when + FADE);
  }

  /** Samples `from` to `to` of one of the sounds, or all of it, are others from now on. */
  changed(what, revision, [from, to] = [0, Infinity]) {
    this.revisions[what] = revision;
    for (const key of [...this.stretches.keys()]) {
      const [of, number] = key.split('/');
      if (of === what && number * STRETCH < to && from < (Number(number) + 1) * STRETCH) this.stretches.delete(key);
    }
  }

  /** Goes on with another of the sounds, or with what became of it, at the same place: one fades into the other. */
  async turn(what = this.what) {
    this.what = what;
    this.turns += 1;
    const mine = this.turns;
    try {
      for (const ahead of [SOON, SOON + FADE]) {
        const from = this.run && this.placeAt(this.run, this.run.audio.currentTime + ahead);
        if (typeof from === 'number') await this.stretch(Math.floor((from * this.sound.rate) / STRETCH));
      }
      const { run } = this;
      const when = run && run.audio.currentTime + SOON;
      const from = run && this.placeAt(run, when);
      if (mine !== this.turns || typeof from !== 'number') return;
      const next = this.made(run.audio, [run.start, run.end], from);
      this.run = next;
      this.fadeIn(next, when);
      this.fadeOut(run, when);
      await this.schedule(next);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Which time is heard of a run when its context's clock says `when`; null where none is. */
  placeAt(run, when) {
    if (run.pieces.length > 0 && when < run.pieces[0].when) return run.pieces[0].from;
    const piece = run.pieces.find((one) => one.when <= when && when < one.when + one.secs);
    return piece ? piece.from + when - piece.when : null;
  }

  async schedule(run) {
    const { audio, gain } = run;
    const { rate } = this.sound;
    while (this.run === run && run.when - audio.currentTime < AHEAD && run.next < run.end) {
      const sample = Math.round(run.next * rate);
      const number = Math.floor(sample / STRETCH);
      const buffer = await this.stretch(number);
      if (this.run !== run) return;
      const offset = sample - number * STRETCH;
      const length = Math.min(buffer.length - offset, Math.round(run.end * rate) - sample);
      if (length <= 0) break;
      const node = new AudioBufferSourceNode(audio, { buffer });
      node.connect(gain);
      const when = Math.max(run.when, audio.currentTime);
      node.start(when, offset / rate, length / rate);
      run.nodes.add(node);
      node.onended = () => run.nodes.delete(node);
      run.pieces.push({ when, from: run.next, secs: length / rate });
      run.when = when + length / rate;
      run.next = (sample + length) / rate;
      if (this.loops && run.next >= run.end - 0.5 / rate) run.next = run.start;
    }
    if (this.run === run) run.timer = setTimeout(() => this.schedule(run).catch((error) => this.failed(error)), PERIOD);
  }

  /** A stretch of samples of the sound that is heard. */
  async stretch(number, what = this.what) {
    const key = `${what}/${number}`;
    const known = this.stretches.get(key);
    if (known) return known;
    const answer = this.fetch(number, what);
    this.stretches.set(key, answer);
    if (this.stretches.size > KEPT) this.stretches.delete(this.stretches.keys().next().value);
    answer.catch(() => { if (this.stretches.get(key) === answer) this.stretches.delete(key); });
    return answer;
  }

  async fetch(number, what) {
    const { id, sound } = this;
    const rev = this.revisions[what];
    let told;
    try {
      told = await bytes(`doc/${id}/samples?what=${what}&rev=${rev}&from=${number * STRETCH}&to=${(number + 1) * STRETCH}`);
    } catch (error) {
      // What was asked for is not what is heard any more.
      if (id === this.id && rev !== this.revisions[what]) return this.stretch(number, what);
      throw error;
    }
    const samples = new Float32Array(told);
    const length = samples.length / sound.channels;
    const buffer = new AudioBuffer({ length, numberOfChannels: sound.channels, sampleRate: sound.rate });
    for (let channel = 0; channel < sound.channels; channel += 1) {
      buffer.copyToChannel(samples.subarray(channel * length, (channel + 1) * length), channel);
    }
    return buffer;
  }

  /** Where the ear is; ends the run when it is past the last sample. */
  now() {
    const { run } = this;
    if (run && this.place(run)) {
      this.stop();
      this.position = run.start;
      this.ended();
    }
    return this.position ?? 0;
  }

  /** Notes where the ear is in a run; gives whether it is past its end. */
  place(run) {
    if (run.pieces.length === 0) return false;
    const heard = run.audio.getOutputTimestamp?.().contextTime || run.audio.currentTime;
    while (run.pieces.length > 1 && run.pieces[1].when <= heard) run.pieces.shift();
    const { when, from, secs } = run.pieces[0];
    this.position = from + Math.min(Math.max(heard - when, 0), secs);
    return run.pieces.length === 1 && run.next >= run.end - 0.5 / this.sound.rate && heard >= when + secs;
  }

  stop() {
    const { run } = this;
    if (!run) return;
    this.place(run);
    this.run = null;
    this.fadeOut(run, run.audio.currentTime);
  }

  fadeOut({ gain, nodes, timer }, when) {
    clearTimeout(timer);
    gain.gain.cancelScheduledValues(when);
    gain.gain.setValueAtTime(gain.gain.value, when);
    gain.gain.linearRampToValueAtTime(0, when + FADE);
    for (const node of nodes) node.stop(when + FADE);
  }
}
