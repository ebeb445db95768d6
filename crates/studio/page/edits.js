// The edits of the sound: what is asked of the server, one after another, and the list of what was done.

import { at, make, say, show } from './dom.js';
import { markOf, shapeOf } from './shapes.js';
import { exactHz, note, signed } from './words.js';

/** What was downloaded last: a list that is not, is asked about before it is left. */
const SAVED = 'photophone-saved';

/** What an action is called. */
function actionWords(action) {
  if (action === 'erase') return 'Erase';
  const db = action.gain_db;
  return db === undefined ? 'Copy' : `${db > 0 ? '+' : ''}${signed(String(db))} dB`;
}

/** An edit in words, and how long it is. */
function words({ shape, action }, ends) {
  const { t0, t1, f0, f1 } = markOf(shape, ends);
  const tone = (hz) => note(hz)?.name ?? exactHz(hz);
  const when = 'band' in shape ? '' : ` at ${t0.toFixed(2)} s`;
  const where = 'time' in shape ? '' : `, ${tone(f0)} – ${tone(f1)}`;
  return [`${actionWords(action)}${when}${where}`, 'band' in shape ? 'all' : `${Math.round(1000 * (t1 - t0))} ms`];
}

export class Edits {
  /**
   * `ask` sends a request and resolves to its answer, or null; `took` is called with each answer. `look` resolves to what an
   * answer would say of the list as it is.
   */
  constructor(marks, { ask, took, look }) {
    Object.assign(this, { marks, ask, took, look });
    this.queue = Promise.resolve();
    this.load(null, { rev: 0, list: [], undo: false, redo: false });
  }

  load(id, edits) {
    Object.assign(this, { id, edits, picked: null });
    this.shown();
  }

  /** Whether there are edits that were not downloaded as they are now. */
  get areUnsaved() {
    return this.edits.list.length > 0 && sessionStorage.getItem(SAVED) !== `${this.id}/${this.edits.rev}`;
  }

  saved() { sessionStorage.setItem(SAVED, `${this.id}/${this.edits.rev}`); }

  /** What comes back with an edit: the mark, the tool, and the part that is seen. */
  get place() {
    const { mark, tool, levels } = this.marks;
    return { mark, tool, view: levels.view };
  }

  /** Does something to what is marked. */
  apply(action) {
    const shape = shapeOf(this.marks.mark, this.marks.ends);
    if (!shape) {
      say('Mark a part first.');
      return this.queue;
    }
    const edit = { shape, action, soft_cells: Number(at('soft').value) };
    return this.turn({ add: { edit, mark: this.place } }, `${actionWords(action)}: done.`);
  }

  undo() { return this.edits.undo ? this.turn({ undo: {} }, 'Undone.') : this.queue; }

  redo() { return this.edits.redo ? this.turn({ redo: {} }, 'Done again.') : this.queue; }

  remove(number) { return this.turn({ remove: { number, mark: this.place } }, 'Removed.'); }

  /** Does an edit to what is marked now, instead. */
  move(number) {
    const shape = shapeOf(this.marks.mark, this.marks.ends);
    const edit = { ...this.edits.list[number], shape };
    return shape ? this.turn({ replace: { number, edit, mark: this.place } }, 'Moved.') : this.queue;
  }

  /** One request after another: each is of the list that the one before has left. */
  turn(request, done) {
    const { id } = this;
    this.queue = this.queue.then(async () => {
      if (this.id !== id) return;
      const asked = await this.ask(request);
      // What was cancelled may have been done before the server heard of it, and another page may have edited.
      const answer = asked ?? await this.look();
      if (!answer || this.id !== id || answer.edits.rev === this.edits.rev) return;
      Object.assign(this, { edits: answer.edits, picked: null });
      this.shown();
      this.took(answer, request);
      if (asked) say(done);
    });
    return this.queue;
  }

  pick(number) {
    this.picked = this.picked === number ? null : number;
    if (this.picked !== null) this.marks.set(markOf(this.edits.list[number].shape, this.marks.ends));
    this.shown();
    at('edits').querySelectorAll('button.row')[number]?.focus();
  }

  shown() {
    const { list, undo, redo } = this.edits;
    at('undo').disabled = !undo;
    at('redo').disabled = !redo;
    show(list.length > 0, at('edits'));
    if (list.length === 0) return;
    const line = (edit, n) => {
      const [what, long] = words(edit, this.marks.ends);
      const is = n === this.picked;
      const row = make('button', { class: 'row', 'aria-expanded': String(is), onclick: () => this.pick(n) }, make('span', {}, what), make('small', {}, long));
      const more = is && make('div', { class: 'chips' }, make('button', { onclick: () => this.remove(n) }, 'Remove'), make('button', { onclick: () => this.move(n) }, 'Move to the mark'));
      return make('li', { class: is ? 'open' : '' }, row, more || null);
    };
    at('edits').replaceChildren(make('h2', {}, 'Edits'), make('ol', { class: 'edits' }, ...list.map(line)));
  }
}
