// The marked part: a rectangle of times and frequencies, all times of a band, all frequencies of a time, or an outline.

import { at, fitted, say, show } from './dom.js';
import { drawOutline, outlined, pathOf, refitted, stroke, thinned } from './outlines.js';
import { decibels, exactHz, hzFrom, note, numberFrom, secs } from './words.js';

/** How near to an edge the pointer takes it, in CSS pixels. */
const REACH = 8;

/** What a click may move, in CSS pixels. */
const CLICK = 3;

/** Factor of a step of the wheel. */
const ZOOM = 1.2;

const HANDLE = 7;

/** Most points of a lasso, and of the way that a brush went: an edit is a short request. */
const MOST = { lasso: 400, brush: 60 };

/** From one point of a way to the next, in CSS pixels. */
const STEP = 3;

export class Marks {
  /** `changed` is called with every change of the mark, `seek` with the time of a click. */
  constructor(levels, { changed, seek, play }) {
    Object.assign(this, { levels, changed, seek, play });
    this.overlay = at('marks');
    this.canvas = levels.canvas;
    this.tool = 'rect';
    this.mark = null;
    this.cursor = null;
    this.playhead = null;
    this.listen();
  }

  clear() {
    [this.mark, this.cursor, this.hover, this.playhead] = [null, null, null, null];
    this.changed();
  }

  /** The ends of the whole sound. */
  get ends() {
    const { centres } = this.levels.sound;
    return { t0: 0, t1: this.levels.secs, f0: centres[0], f1: centres[centres.length - 1] };
  }

  /** A mark between two points, as the tool makes it. */
  between([ta, fa], [tb, fb]) {
    const { t0, t1, f0, f1 } = this.ends;
    const kept = (value, low, high) => Math.min(Math.max(value, low), high);
    const mark = {
      t0: kept(Math.min(ta, tb), t0, t1), t1: kept(Math.max(ta, tb), t0, t1),
      f0: kept(Math.min(fa, fb), f0, f1), f1: kept(Math.max(fa, fb), f0, f1),
    };
    if (this.tool === 'time') [mark.f0, mark.f1] = [f0, f1];
    if (this.tool === 'band') [mark.t0, mark.t1] = [t0, t1];
    return mark;
  }

  set(mark) {
    this.mark = mark;
    this.changed();
    this.draw();
  }

  box(mark = this.mark) {
    const { levels } = this;
    return { left: levels.xFromSecs(mark.t0), right: levels.xFromSecs(mark.t1), top: levels.yFromHz(mark.f1), bottom: levels.yFromHz(mark.f0) };
  }

  /** Which edges lie under a place; `inside` where it is none of them but in the mark. */
  grip(x, y) {
    if (!this.mark) return null;
    const { left, right, top, bottom } = this.box();
    if (this.mark.points) {
      const [context, ratio] = [this.overlay.getContext('2d'), devicePixelRatio || 1];
      return context.isPointInPath(pathOf(this.levels, this.mark.points), x * ratio, y * ratio, 'nonzero') ? { inside: true } : null;
    }
    if (x < left - REACH || x > right + REACH || y < top - REACH || y > bottom + REACH) return null;
    const near = (a, b) => Math.abs(a - b) <= REACH;
    const across = near(x, right) ? 't1' : near(x, left) ? 't0' : null;
    const up = near(y, top) ? 'f1' : near(y, bottom) ? 'f0' : null;
    return { across, up, inside: !across && !up };
  }

  place(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  listen() {
    const { canvas, levels } = this;
    const pointers = new Map();
    let drag = null;
    canvas.addEventListener('pointerdown', (event) => {
      if (event.button > 1) return;
      canvas.setPointerCapture(event.pointerId);
      const [x, y] = this.place(event);
      pointers.set(event.pointerId, [x, y]);
      const grip = this.tool === 'brush' ? null : this.grip(x, y);
      const kind = pointers.size > 1 || event.button === 1 || this.tool === 'pan' ? 'pan' : grip ? 'move' : 'new';
      drag = { kind, grip, x, y, view: { ...levels.view }, mark: this.mark, from: [levels.secsFromX(x), levels.hzFromY(y)], row: levels.rowFromY(y), moved: false };
    });
    canvas.addEventListener('pointermove', (event) => {
      const [x, y] = this.place(event);
      if (!drag) {
        this.point(x, y);
        return;
      }
      if (pointers.has(event.pointerId)) {
        if (pointers.size === 2) this.pinch(pointers, event.pointerId, [x, y]);
        pointers.set(event.pointerId, [x, y]);
      }
      if (pointers.size > 1) return;
      drag.moved ||= Math.hypot(x - drag.x, y - drag.y) > CLICK;
      if (drag.moved) this.drag(drag, x, y);
    });
    const up = (event) => {
      pointers.delete(event.pointerId);
      if (drag && !drag.moved && event.type === 'pointerup' && pointers.size === 0) {
        if (!drag.grip?.inside) this.set(null);
        this.seek(drag.from[0]);
      }
      if (pointers.size === 0) drag = null;
    };
    canvas.addEventListener('pointerup', up);
    canvas.addEventListener('pointercancel', up);
    canvas.addEventListener('pointerleave', () => { this.hover = null; show(false, at('tip')); });
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    canvas.addEventListener('keydown', (event) => this.key(event));
    const fields = [['mark-t0', 't0', numberFrom], ['mark-t1', 't1', numberFrom], ['mark-f0', 'f0', hzFrom], ['mark-f1', 'f1', hzFrom]];
    for (const [id, name, from] of fields) {
      at(id).addEventListener('change', () => {
        const value = from(at(id).value);
        if (Number.isFinite(value)) {
          const mark = { ...this.mark, [name]: value };
          this.fit(this.mark, this.between([mark.t0, mark.f0], [mark.t1, mark.f1]));
        } else this.changed();
      });
    }
  }

  /** Another box for a mark; an outline is stretched into it. */
  fit(mark, next) { this.set(mark.points ? refitted(this.levels, mark, next) : next); }

  /** The way of a lasso or a brush goes on to a place. */
  trace(drag, x, y) {
    const { levels, ends } = this;
    drag.path ??= [[drag.x, drag.y]];
    const [px, py] = drag.path.at(-1);
    if (Math.hypot(x - px, y - py) < STEP) return;
    drag.path.push([x, y]);
    const kept = (value, low, high) => Math.min(Math.max(value, low), high);
    const place = ([a, b]) => [kept(levels.secsFromX(a), ends.t0, ends.t1), kept(levels.hzFromY(b), ends.f0, ends.f1)];
    const points = thinned(drag.path, MOST[this.tool]).map(place);
    if (this.tool === 'brush') {
      const [ms, cents] = ['brush-ms', 'brush-cents'].map((id) => kept(numberFrom(at(id).value) || 1, 1, 10000));
      this.set(outlined(stroke(points, { secs: ms / 1000, cents })));
    } else if (points.length > 2) this.set(outlined(points));
  }

  drag(drag, x, y) {
    const { kind, grip, x: fromX, y: fromY, view, mark, from, row } = drag;
    const { levels } = this;
    if (kind === 'pan') {
      const dt = ((x - fromX) / levels.size.width) * (view.t1 - view.t0);
      const dr = ((y - fromY) / levels.size.height) * (view.r1 - view.r0);
      levels.look({ t0: view.t0 - dt, t1: view.t1 - dt, r0: view.r0 + dr, r1: view.r1 + dr });
      return;
    }
    const now = [levels.secsFromX(x), levels.hzFromY(y)];
    if (kind === 'new' && MOST[this.tool]) this.trace(drag, x, y);
    else if (kind === 'new') {
      this.set(this.between(from, now));
    } else if (grip.inside) {
      const dt = now[0] - from[0];
      const rows = levels.rowFromY(y) - row;
      const moved = (hz) => levels.hzFromY(levels.yFromHz(hz) + levels.yFromRow(rows) - levels.yFromRow(0));
      this.fit(mark, this.between([mark.t0 + dt, moved(mark.f0)], [mark.t1 + dt, moved(mark.f1)]));
    } else {
      const next = { ...mark };
      if (grip.across) [next[grip.across]] = now;
      if (grip.up) [, next[grip.up]] = now;
      this.set(this.between([next.t0, next.f0], [next.t1, next.f1]));
    }
    this.point(x, y);
  }

  /** Two fingers: their middle pans, their distance zooms. */
  pinch(pointers, id, [x, y]) {
    const [other] = [...pointers].filter(([key]) => key !== id).map(([, place]) => place);
    const [px, py] = pointers.get(id);
    const before = Math.max(20, Math.abs(px - other[0]));
    const now = Math.max(20, Math.abs(x - other[0]));
    this.zoom(before / now, 1, (x + other[0]) / 2, y);
    const { view, size } = this.levels;
    const dt = ((x - px) / 2 / size.width) * (view.t1 - view.t0);
    const dr = ((y - py) / 2 / size.height) * (view.r1 - view.r0);
    this.levels.look({ t0: view.t0 - dt, t1: view.t1 - dt, r0: view.r0 + dr, r1: view.r1 + dr });
  }

  /** Ctrl zooms in time, Alt in frequency, at the pointer; else the wheel pans. */
  wheel(event) {
    event.preventDefault();
    const [x, y] = this.place(event);
    const factor = ZOOM ** Math.sign(event.deltaY);
    const { view } = this.levels;
    if (event.ctrlKey || event.metaKey) this.zoom(factor, 1, x, y);
    else if (event.altKey) this.zoom(1, factor, x, y);
    else {
      const [dt, dr] = [(view.t1 - view.t0) / 10, (view.r1 - view.r0) / 10];
      const across = event.shiftKey ? event.deltaY : event.deltaX;
      const [st, sr] = [Math.sign(across) * dt, event.shiftKey ? 0 : -Math.sign(event.deltaY) * dr];
      this.levels.look({ t0: view.t0 + st, t1: view.t1 + st, r0: view.r0 + sr, r1: view.r1 + sr });
    }
  }

  /** A step in time, in or out. */
  step(isIn) { this.zoom(isIn ? 1 / ZOOM : ZOOM, 1); }

  zoom(across, up, x = this.levels.size.width / 2, y = this.levels.size.height / 2) {
    const { levels } = this;
    const { view } = levels;
    const [t, r] = [levels.secsFromX(x), levels.rowFromY(y)];
    levels.look({
      t0: t - (t - view.t0) * across, t1: t + (view.t1 - t) * across,
      r0: r - (r - view.r0) * up, r1: r + (view.r1 - r) * up,
    });
  }

  /** Arrows move the cell cursor, with Shift they stretch the mark; Enter plays it, Escape drops it. */
  key(event) {
    const { levels } = this;
    if (!levels.sound) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step && !event.ctrlKey && !event.altKey) {
      const { view, size } = levels;
      const cellSecs = Math.max(levels.frameSecs, (4 * (view.t1 - view.t0)) / size.width);
      const cellRows = Math.max(1, Math.round((4 * (view.r1 - view.r0)) / size.height));
      this.cursor ??= { t: (view.t0 + view.t1) / 2, row: Math.round((view.r0 + view.r1) / 2) };
      const from = this.anchor ?? this.cursor;
      const t = Math.min(Math.max(this.cursor.t + step[0] * cellSecs, 0), levels.secs);
      const row = Math.min(Math.max(this.cursor.row + step[1] * cellRows, 0), levels.rows - 1);
      if (event.shiftKey) this.anchor = from;
      else this.anchor = null;
      this.cursor = { t, row };
      const hz = (place) => levels.hzFromY(levels.yFromRow(place + 0.5));
      if (event.shiftKey) this.set(this.between([from.t, hz(from.row)], [t, hz(row)]));
      else this.draw();
      say(this.reading(t, hz(row)).join(' '));
    } else if (event.key === 'Enter') this.play();
    else if (event.key === 'Escape') {
      this.anchor = null;
      this.set(null);
      say('Nothing is marked.');
    } else return;
    event.preventDefault();
  }

  /** What stands at a place: note, hertz, seconds, level. */
  reading(t, hz) {
    const level = this.levels.levelAt(t, hz);
    const tone = note(hz);
    const text = level ? `${level.isFloor ? 'at most ' : ''}${decibels(level.db)}` : '';
    return [tone ? `${tone.name} ${tone.cents}` : '', exactHz(hz), `${secs(t)} s`, text];
  }

  /** Shows the numbers beside the pointer. */
  point(x, y) {
    const { levels } = this;
    if (!levels.sound) return;
    const [t, hz] = [levels.secsFromX(x), levels.hzFromY(y)];
    this.hover = [t, hz];
    const grip = this.grip(x, y);
    this.canvas.style.cursor = this.tool === 'pan' ? 'grab' : !grip ? 'crosshair' : grip.inside ? 'move'
      : grip.across && grip.up ? ((grip.across === 't0') === (grip.up === 'f1') ? 'nwse-resize' : 'nesw-resize') : grip.across ? 'ew-resize' : 'ns-resize';
    const [tone, ...rest] = this.reading(t, hz);
    const tip = at('tip');
    const [name, cents] = tone.split(/ (.*)/);
    const bold = document.createElement('b');
    bold.textContent = name;
    tip.replaceChildren(bold, cents ?? '', ...rest.filter(Boolean).map((text) => Object.assign(document.createElement('span'), { textContent: text })));
    show(true, tip);
    const { width, height } = levels.size;
    const isRight = x + tip.offsetWidth + 24 > width;
    tip.style.left = `${Math.max(4, Math.min(isRight ? x - tip.offsetWidth - 12 : x + 14, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${Math.min(Math.max(y - 34, 4), height - tip.offsetHeight - 4)}px`;
  }

  draw() {
    const { width, height, ratio } = fitted(this.overlay);
    const context = this.overlay.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    show(this.mark !== null, at('pop'));
    if (!this.levels.sound) return;
    if (this.mark) this.drawMark(context, width, height);
    if (this.cursor && document.activeElement === this.canvas) {
      const [x, y] = [this.levels.xFromSecs(this.cursor.t), this.levels.yFromRow(this.cursor.row + 0.5)];
      for (const [style, line] of [['#000', 3], ['#fff', 1.25]]) {
        context.strokeStyle = style;
        context.lineWidth = line;
        context.beginPath();
        context.moveTo(x - 8, y); context.lineTo(x + 8, y);
        context.moveTo(x, y - 8); context.lineTo(x, y + 8);
        context.stroke();
      }
    }
    if (this.playhead !== null) {
      const x = this.levels.xFromSecs(this.playhead);
      context.fillStyle = '#fff';
      context.fillRect(x - 0.75, 0, 1.5, height);
      context.beginPath();
      context.moveTo(x - 5, 0); context.lineTo(x + 5, 0); context.lineTo(x, 7);
      context.fill();
    }
  }

  drawMark(context, width, height) {
    const { left, right, top, bottom } = this.box();
    if (this.mark.points) drawOutline(context, pathOf(this.levels, this.mark.points), width, height);
    else this.drawBox(context, width, height);
    const pop = at('pop');
    const below = bottom + 10 + pop.offsetHeight < height ? bottom + 10 : Math.max(8, top - 10 - pop.offsetHeight);
    pop.style.left = `${Math.min(Math.max(8, left), width - pop.offsetWidth - 8)}px`;
    pop.style.top = `${Math.min(Math.max(8, below), height - pop.offsetHeight - 8)}px`;
  }

  drawBox(context, width, height) {
    const { left, right, top, bottom } = this.box();
    context.fillStyle = '#0000004d';
    context.beginPath();
    context.rect(0, 0, width, height);
    context.rect(left, top, right - left, bottom - top);
    context.fill('evenodd');
    for (const [style, line, dash] of [['#000b', 3, []], ['#fff', 1.25, [5, 4]]]) {
      context.strokeStyle = style;
      context.lineWidth = line;
      context.setLineDash(dash);
      context.strokeRect(left, top, right - left, bottom - top);
    }
    context.setLineDash([]);
    context.strokeStyle = '#000a';
    context.lineWidth = 1;
    context.fillStyle = '#fff';
    const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
    for (const [x, y] of [[left, top], [cx, top], [right, top], [left, cy], [right, cy], [left, bottom], [cx, bottom], [right, bottom]]) {
      context.fillRect(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE);
      context.strokeRect(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE);
    }
  }
}
