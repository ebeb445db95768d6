// The picture with what was read drawn over it: the frame can be dragged.

import { at, say, shape, show } from './dom.js';

/** Magnification of the loupe. */
const LOUPE = 8;

/** Least distance of lines between cells that is drawn, in CSS pixels. */
const LEAST_CELL = 5;

/** Half the length of a handle that is seen, and of what can be touched, in CSS pixels. */
const HANDLE = 4;
const REACH = 12;

/** Corners and edges: which of left, top, right and bottom each moves, and its name. */
const HANDLES = [
  ['left', 'top', 'Top left corner'], [null, 'top', 'Top edge'], ['right', 'top', 'Top right corner'],
  ['right', null, 'Right edge'], ['right', 'bottom', 'Bottom right corner'], [null, 'bottom', 'Bottom edge'],
  ['left', 'bottom', 'Bottom left corner'], ['left', null, 'Left edge'],
];

export class Picture {
  /** `correct(changes)` gives settings. */
  constructor(correct) {
    this.correct = correct;
    this.url = null;
    addEventListener('resize', () => this.place());
    for (const id of ['show-box', 'show-cells', 'show-ticks', 'show-bar']) {
      at(id).addEventListener('change', () => this.draw());
    }
  }

  /** Shows a blob with an overlay; size in pixels. */
  async load(blob) {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(blob);
    const image = at('image');
    image.src = this.url;
    await image.decode();
    this.size = [image.naturalWidth, image.naturalHeight];
    this.report = null;
    at('over').replaceChildren();
    this.place();
  }

  show(report) {
    this.report = report;
    this.isGiven = (report.given ?? []).some(([name]) => name === 'crop');
    at('over').classList.toggle('given', this.isGiven);
    at('image').alt = `The picture ${report.name}`;
    this.place();
  }

  /** As large as fits: in whole steps where it is enlarged, so that cells stay even. */
  place() {
    if (!this.size || at('pic').hidden) return;
    const room = at('pic');
    const style = getComputedStyle(room);
    const [width, height] = [
      room.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
      room.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom),
    ];
    let scale = Math.min(width / this.size[0], height / this.size[1]);
    if (scale > 1) scale = Math.min(scale, Math.max(1, Math.floor(scale * 2) / 2));
    this.scale = Math.max(0.05, scale);
    const wrap = at('wrap');
    wrap.style.width = `${this.size[0] * this.scale}px`;
    wrap.style.height = `${this.size[1] * this.scale}px`;
    at('image').style.imageRendering = this.scale > 1 ? 'pixelated' : 'auto';
    this.draw();
  }

  draw() {
    const over = at('over');
    const focused = [...over.querySelectorAll('.reach')].indexOf(document.activeElement);
    over.replaceChildren();
    const overlay = this.report?.overlay;
    if (!overlay) return;
    over.setAttribute('viewBox', `0 0 ${this.size[0]} ${this.size[1]}`);
    const [x, y, width, height] = this.dragged ?? overlay.box;
    if (at('show-cells').checked && overlay.cells && !this.dragged) over.append(this.cells(overlay.cells, x, y, width, height));
    if (at('show-ticks').checked) {
      const [across, up] = [6 / this.scale, 3 / this.scale];
      for (const [px, py] of overlay.ticks ?? []) {
        const isBelow = py >= y + height - 1;
        const d = isBelow ? `M${px} ${py + up}v${across}` : `M${px + (px > x + width ? up : -up)} ${py}h${px > x + width ? across : -across}`;
        over.append(shape('path', { d, class: 'halo' }), shape('path', { d, class: 'line' }));
      }
    }
    const frame = (l, t, w, h) => {
      const d = `M${l} ${t}h${w}v${h}h${-w}Z`;
      over.append(shape('path', { d, class: 'halo' }), shape('path', { d, class: 'line' }));
    };
    if (at('show-bar').checked && overlay.bar) {
      const [l, t, r, b] = overlay.bar;
      frame(l, t, r - l + 1, b - t + 1);
    }
    if (!at('show-box').checked) return;
    frame(x, y, width, height);
    HANDLES.forEach(([across, up, name], n) => over.append(...this.handle([x, y, width, height], across, up, name, n === focused)));
    if (focused >= 0) over.querySelectorAll('.reach')[focused].focus();
  }

  /** Lines between cells, or where they lie too close every tenth at the edges. */
  cells({ x: [x0, dx, columns], y: [y0, dy, rows] }, x, y, width, height) {
    const [right, bottom] = [x + width, y + height];
    let d = '';
    const every = (cell) => (cell * this.scale >= LEAST_CELL ? 1 : 10 * Math.max(1, Math.ceil(LEAST_CELL / (10 * cell * this.scale))));
    const [sx, sy, end] = [every(dx), every(dy), 5 / this.scale];
    for (let n = sx; n < columns; n += sx) d += sx === 1 ? `M${x0 + n * dx} ${y}V${bottom}` : `M${x0 + n * dx} ${y}v${-end}M${x0 + n * dx} ${bottom}v${end}`;
    for (let n = sy; n < rows; n += sy) d += sy === 1 ? `M${x} ${y0 + n * dy}H${right}` : `M${x} ${y0 + n * dy}h${-end}M${right} ${y0 + n * dy}h${end}`;
    return shape('path', { d, class: 'line thin' });
  }

  handle([x, y, width, height], across, up, name, keepsFocus) {
    const place = { left: x, right: x + width, null: x + width / 2 }[across];
    const level = { top: y, bottom: y + height, null: y + height / 2 }[up];
    const square = (half, attributes) => shape('rect', {
      x: place - half / this.scale, y: level - half / this.scale,
      width: 2 * half / this.scale, height: 2 * half / this.scale, ...attributes,
    });
    const seen = square(HANDLE, { class: 'handle', rx: 1 / this.scale });
    const reach = square(REACH, {
      class: 'reach', tabindex: keepsFocus || name === HANDLES[0][2] ? 0 : -1, role: 'slider', 'aria-label': name,
      'aria-valuenow': Math.round(across ? place : level), 'aria-valuemin': 0, 'aria-valuemax': this.size[across ? 0 : 1],
      'aria-valuetext': `${Math.round(place)}, ${Math.round(level)} pixels`,
    });
    const move = (dx, dy, from) => {
      const [fx, fy, fw, fh] = from;
      let [left, top, right, bottom] = [fx, fy, fx + fw, fy + fh];
      if (across === 'left') left = Math.min(left + dx, right - 2);
      if (across === 'right') right = Math.max(right + dx, left + 2);
      if (up === 'top') top = Math.min(top + dy, bottom - 2);
      if (up === 'bottom') bottom = Math.max(bottom + dy, top + 2);
      [left, right] = [Math.max(0, left), Math.min(this.size[0], right)].map(Math.round);
      [top, bottom] = [Math.max(0, top), Math.min(this.size[1], bottom)].map(Math.round);
      this.dragged = [left, top, right - left, bottom - top];
    };
    reach.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const [from, px, py] = [this.report.overlay.box, event.clientX, event.clientY];
      const moved = (now) => {
        move((now.clientX - px) / this.scale, (now.clientY - py) / this.scale, from);
        this.draw();
        this.loupe(across, up);
      };
      const done = () => {
        removeEventListener('pointermove', moved);
        removeEventListener('pointerup', done);
        removeEventListener('pointercancel', done);
        show(false, at('loupe'));
        this.give();
      };
      addEventListener('pointermove', moved);
      addEventListener('pointerup', done);
      addEventListener('pointercancel', done);
    });
    reach.addEventListener('dblclick', () => { if (this.isGiven) this.correct({ crop: null }); });
    reach.addEventListener('keydown', (event) => {
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (steps[event.key]) {
        move(...steps[event.key], this.dragged ?? this.report.overlay.box);
        this.draw();
        say(`${name}: ${this.dragged.join(', ')} pixels. Enter uses it.`);
      } else if (event.key === 'Enter') this.give();
      else if (event.key === 'Escape') { this.dragged = null; this.draw(); } else return;
      event.preventDefault();
    });
    return [seen, reach];
  }

  /** Uses the frame that was dragged. */
  give() {
    const box = this.dragged;
    // A click draws nothing anew: the second of two has to find what the first found.
    if (!box) return;
    this.dragged = null;
    if (box.some((px, n) => px !== Math.round(this.report.overlay.box[n]))) this.correct({ crop: box.join(',') });
    else this.draw();
  }

  /** A part of the picture around the handle, enlarged, with the edge that is dragged. */
  loupe(across, up) {
    const [x, y, width, height] = this.dragged;
    const [cx, cy] = [
      across === 'left' ? x : across === 'right' ? x + width : x + width / 2,
      up === 'top' ? y : up === 'bottom' ? y + height : y + height / 2,
    ];
    const box = at('loupe');
    const canvas = box.querySelector('canvas');
    const [w, h] = [canvas.width / LOUPE, canvas.height / LOUPE];
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(at('image'), cx - w / 2, cy - h / 2, w, h, 0, 0, canvas.width, canvas.height);
    context.strokeStyle = '#12b89c';
    context.lineWidth = 2;
    context.strokeRect((x - cx + w / 2) * LOUPE, (y - cy + h / 2) * LOUPE, width * LOUPE, height * LOUPE);
    box.querySelector('span').textContent = `${x}, ${y}, ${width} × ${height} px`;
    box.style.left = `${cx * this.scale + (cx > this.size[0] / 2 ? -200 : 24)}px`;
    box.style.top = `${cy * this.scale + (cy > this.size[1] / 2 ? -168 : 24)}px`;
    show(true, box);
  }
}
