// The cells of a sound: tiles of bytes, coloured here, so that no look at them asks for a transform.

import { fitted, make } from './dom.js';
import { bytes } from './server.js';
import { hzFromRow, rowFromHz } from './axes.js';

/** Frames of a tile, tiles that are kept, and requests at once. */
const [TILE, KEPT, AT_ONCE] = [512, 64, 4];

/** How far from a change the lowest rows show it, in seconds. */
const RINGS = 1.5;

export class Levels {
  /** `drawn` is called after every drawing. */
  constructor(canvas, drawn) {
    this.canvas = canvas;
    this.drawn = drawn;
    this.colours = new Uint32Array(256);
    this.version = 0;
    this.clear();
  }

  clear() {
    this.tiles = new Map();
    this.changes = 0;
    this.waiting = new Set();
    this.sound = null;
  }

  load(id, sound) {
    this.clear();
    this.id = id;
    this.sound = sound;
    this.secs = sound.samples / sound.rate;
    this.frameSecs = sound.hop / sound.rate;
    this.rows = sound.centres.length;
    this.fit();
  }

  /** What is seen of samples `from` to `to` is another from now on; until it comes the old is shown. */
  changed([from, to]) {
    this.changes += 1;
    const { rate, hop } = this.sound;
    const [first, last] = [(from - RINGS * rate) / hop, (to + RINGS * rate) / hop];
    for (const [key, tile] of this.tiles) {
      const [zoom, n] = key.split('/').map(Number);
      const frames = TILE * 2 ** zoom;
      if (n * frames < last && first < (n + 1) * frames) tile.isStale = true;
    }
    this.draw();
  }

  /** Shows all of it. */
  fit() {
    this.view = { t0: 0, t1: this.secs, r0: 0, r1: this.rows };
    this.draw();
  }

  /** Shows times and rows, kept within the sound. */
  look({ t0, t1, r0, r1 }) {
    const within = (low, high, most, least) => {
      const span = Math.min(Math.max(high - low, least), most);
      const from = Math.min(Math.max(low + (high - low - span) / 2, 0), most - span);
      return [from, from + span];
    };
    const [a, b] = within(t0, t1, this.secs, Math.min(this.secs, 8 * this.frameSecs));
    const [c, d] = within(r0, r1, this.rows, 8);
    this.view = { t0: a, t1: b, r0: c, r1: d };
    this.draw();
  }

  /** Colours for the bytes: three bytes an entry from the quiet end to the loud one, which lie at two levels. */
  paint(entries, low, high) {
    const { floor_db: floor, bytes_a_db: steps } = this.sound;
    const palette = new Uint8Array(entries);
    const last = palette.length / 3 - 1;
    for (let byte = 0; byte < 256; byte += 1) {
      const level = (floor + byte / steps - low) / (high - low);
      const entry = 3 * Math.round(Math.min(Math.max(level, 0), 1) * last);
      this.colours[byte] = 0xff000000 | (palette[entry + 2] << 16) | (palette[entry + 1] << 8) | palette[entry];
    }
    this.version += 1;
    this.draw();
  }

  get size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  // One function from place to cell and back, whatever the density of the screen.
  xFromSecs(t) { return ((t - this.view.t0) / (this.view.t1 - this.view.t0)) * this.size.width; }

  secsFromX(x) { return this.view.t0 + (x / this.size.width) * (this.view.t1 - this.view.t0); }

  yFromHz(hz) { return this.yFromRow(rowFromHz(this.sound.centres, hz) + 0.5); }

  yFromRow(row) { return ((this.view.r1 - row) / (this.view.r1 - this.view.r0)) * this.size.height; }

  rowFromY(y) { return this.view.r1 - (y / this.size.height) * (this.view.r1 - this.view.r0); }

  hzFromY(y) { return hzFromRow(this.sound.centres, this.rowFromY(y) - 0.5); }

  /** The level at a time and a frequency, in dB; null where its tile is not here yet. */
  levelAt(t, hz) {
    const row = Math.min(this.rows - 1, Math.max(0, Math.round(rowFromHz(this.sound.centres, hz))));
    for (let zoom = 0; zoom < this.sound.zooms; zoom += 1) {
      const frame = Math.floor(t / (this.frameSecs * 2 ** zoom));
      const tile = this.tiles.get(`${zoom}/${Math.floor(frame / TILE)}`);
      const byte = tile?.cells[(frame % TILE) * this.rows + row];
      if (byte !== undefined) return { db: this.sound.floor_db + byte / this.sound.bytes_a_db, isFloor: byte === 0 };
    }
    return null;
  }

  draw() {
    if (!this.sound || this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = null;
      if (this.sound && this.canvas.clientWidth) this.drawNow();
    });
  }

  drawNow() {
    const { width, height, ratio } = fitted(this.canvas);
    const context = this.canvas.getContext('2d', { alpha: false });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { t0, t1, r0, r1 } = this.view;
    const frames = (t1 - t0) / this.frameSecs;
    const zoom = Math.min(this.sound.zooms - 1, Math.max(0, Math.floor(Math.log2(frames / (width * ratio)))));
    context.imageSmoothingEnabled = (height * ratio) / (r1 - r0) < 1;
    // What is coarser and here already stands in for what is to come.
    for (let z = this.sound.zooms - 1; z >= zoom; z -= 1) this.drawZoom(context, z, z === zoom);
    this.drawn();
  }

  drawZoom(context, zoom, isAsked) {
    const { t0, t1, r0, r1 } = this.view;
    const { width, height } = this.size;
    const tileSecs = TILE * this.frameSecs * 2 ** zoom;
    const last = Math.ceil(this.sound.frames / 2 ** zoom / TILE) - 1;
    for (let n = Math.floor(t0 / tileSecs); n <= Math.min(last, Math.floor(t1 / tileSecs)); n += 1) {
      const tile = this.tile(zoom, n, isAsked);
      if (!tile) continue;
      const picture = this.picture(tile);
      const x = ((n * tileSecs - t0) / (t1 - t0)) * width;
      const w = ((tileSecs * picture.width) / TILE / (t1 - t0)) * width;
      const y = ((r1 - this.rows) / (r1 - r0)) * height;
      context.drawImage(picture, x, y, w, (this.rows / (r1 - r0)) * height);
    }
  }

  /** A tile that is here; else it is asked for. */
  tile(zoom, n, isAsked) {
    const key = `${zoom}/${n}`;
    const tile = this.tiles.get(key);
    if (tile) {
      this.tiles.delete(key);
      this.tiles.set(key, tile);
    }
    if ((!tile || tile.isStale) && isAsked && !this.waiting.has(key) && this.waiting.size < AT_ONCE) {
      this.waiting.add(key);
      this.fetch(key, this.id);
    }
    return tile;
  }

  async fetch(key, id) {
    const { changes } = this;
    try {
      const answer = await bytes(`doc/${id}/tile/${key}`);
      if (id !== this.id || !this.sound) return;
      this.tiles.set(key, { cells: new Uint8Array(answer), version: -1, picture: null, isStale: changes !== this.changes });
      if (this.tiles.size > KEPT) this.tiles.delete(this.tiles.keys().next().value);
    } finally {
      this.waiting.delete(key);
    }
    this.draw();
  }

  /** A tile in colours: a pixel a cell, the lowest row at the bottom. */
  picture(tile) {
    if (tile.version === this.version) return tile.picture;
    const { cells } = tile;
    const frames = cells.length / this.rows;
    tile.picture ??= make('canvas', { width: frames, height: this.rows });
    const context = tile.picture.getContext('2d');
    const image = context.createImageData(frames, this.rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < this.rows; row += 1) {
      let at = (this.rows - 1 - row) * frames;
      for (let cell = row; cell < cells.length; cell += this.rows) pixels[at++] = this.colours[cells[cell]];
    }
    context.putImageData(image, 0, 0);
    tile.version = this.version;
    return tile.picture;
  }
}
