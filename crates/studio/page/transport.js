// Playing as it is asked for: from where, how far, and which of the sounds.

import { at, say, show } from './dom.js';
import { Player } from './player.js';
import { complain } from './busy.js';
import { work } from './server.js';
import { shapeOf } from './shapes.js';
import { drawWaveform } from './waveform.js';
import { secs } from './words.js';

/** How long a mark rests before its sound is made, in milliseconds. */
const REST = 150;

export class Transport {
  constructor(levels, marks) {
    Object.assign(this, { levels, marks, report: null, heard: null, rest: 0 });
    this.player = new Player({ ended: () => this.playing(false), failed: complain });
    at('play').onclick = () => this.toggle();
    at('loop').onclick = () => {
      this.player.loops = !this.player.loops;
      at('loop').setAttribute('aria-pressed', String(this.player.loops));
    };
    at('wave').onpointerdown = (event) => this.seek((event.offsetX / at('wave').clientWidth) * levels.secs);
    at('sources').onclick = (event) => { if (event.target.dataset.what) this.hear(event.target.dataset.what); };
  }

  /** A document's sound, new or the same as before. */
  load(report, isNew) {
    this.report = report;
    if (!isNew) return;
    this.player.load(report.id, report.sound, report.edits.rev);
    this.heard = null;
    at('length').textContent = secs(this.levels.secs);
    this.showSource();
  }

  seek(t) {
    if (this.player.isPlaying) this.start(t);
    else this.player.position = t;
    this.tick();
  }

  /** Plays from a time: within the mark where there is one, or where looping is on within what is seen. */
  start(from) {
    if (!this.report?.sound) return;
    const { levels, player, marks: { mark } } = this;
    const all = [0, levels.secs];
    const within = mark && mark.t1 > mark.t0 ? [mark.t0, mark.t1] : player.loops ? [levels.view.t0, levels.view.t1] : all;
    const range = from === undefined || (from >= within[0] && from < within[1]) ? within : all;
    player.play(from ?? (mark ? within[0] : player.position), range);
    this.playing(true);
  }

  /** Plays what is marked, and nothing else. */
  async startMarked() {
    if (await this.hear('marked')) this.start();
  }

  /** Goes on with another of the sounds at the same place. Whether there is one. */
  async hear(what) {
    if (!this.report?.sound) return false;
    if (what === 'marked' && !(await this.makeMarked())) return false;
    this.player.turn(what);
    this.showSource();
    say(at('sources').querySelector('[aria-checked=true]').textContent);
    return true;
  }

  /** Has the sound of what is marked made, if it is not here already. Whether it is that of the mark as it is now. */
  async makeMarked() {
    const shape = shapeOf(this.marks.mark, this.marks.ends);
    if (!shape) {
      say('Mark a part first.');
      return false;
    }
    const asked = JSON.stringify({ shapes: [shape], soft_cells: Number(at('soft').value) });
    if (this.heard === asked) return true;
    const { id } = this.report;
    try {
      const { rev } = await work(`doc/${id}/hear`, asked);
      if (id !== this.report.id) return false;
      this.player.changed('marked', rev);
      this.heard = asked;
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  }

  /** The mark is another one: what is heard of it is made anew after a rest. */
  markChanged() {
    this.showSource();
    clearTimeout(this.rest);
    if (this.player.what !== 'marked') return;
    if (this.marks.mark) this.rest = setTimeout(() => this.hear('marked'), REST);
    else this.hear('edited');
  }

  showSource() {
    for (const button of at('sources').children) {
      const is = button.dataset.what === this.player.what;
      button.setAttribute('aria-checked', String(is));
      button.tabIndex = is ? 0 : -1;
    }
    at('sources').querySelector('[data-what=marked]').disabled = !this.marks.mark;
  }

  playing(is) {
    at('play').setAttribute('aria-label', is ? 'Pause' : 'Play');
    at('play').title = is ? 'Pause (space)' : 'Play (space)';
    at('play-shape').setAttribute('d', is ? 'M5 4h3.500v12H5ZM11.500 4H15v12h-3.500Z' : 'M6 4v12l10-6Z');
    if (is) requestAnimationFrame(() => this.tick());
    else this.tick();
  }

  toggle() {
    if (this.player.isPlaying) {
      this.player.stop();
      this.playing(false);
    } else this.start();
  }

  tick() {
    if (!this.report?.sound) return;
    const position = this.player.now();
    at('now').textContent = secs(position);
    this.marks.playhead = position;
    this.marks.draw();
    this.drawWave();
    if (this.player.isPlaying) requestAnimationFrame(() => this.tick());
  }

  drawWave() {
    if (!this.report?.sound) return;
    const { levels, marks, player } = this;
    drawWaveform(at('wave'), { peaks: this.report.sound.peaks, secs: levels.secs, played: player.position ?? 0, mark: marks.mark, view: levels.view });
  }
}
