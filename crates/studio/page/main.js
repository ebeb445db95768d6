// The page: what is open, what is shown of it, and what the person asks for.

import { at, make, roving, say, show } from './dom.js';
import { busy, cancel, complain, state, whenSettled } from './busy.js';
import { closeMenu, download, toggleMenu } from './downloads.js';
import { Edits } from './edits.js';
import { blob, json, Problem, takeToken, work } from './server.js';
import { showFindings, showLimits, showQuestions } from './findings.js';
import { Levels } from './levels.js';
import { colour, takeLook } from './look.js';
import { Marks } from './marks.js';
import { Picture } from './picture.js';
import { Transport } from './transport.js';
import { labelHertz, labelSeconds } from './axes.js';
import { grouped, numberFrom, secs } from './words.js';

/** How long an edit may take before the levels are covered, in milliseconds: most are done before. */
const EDIT_PATIENCE = 1500;

/** Decibels of a step. */
const STEP_DB = 6;

let report = null;
let passed = new Set();
let view = 'picture';

const picture = new Picture((changes) => correct(changes));
const levels = new Levels(at('cells'), () => { drawAxes(); marks.draw(); transport.drawWave(); });
const marks = new Marks(levels, {
  changed: () => { showFields(); transport.markChanged(); },
  seek: (t) => transport.seek(t),
  play: () => transport.startMarked(),
});
const transport = new Transport(levels, marks);
const edits = new Edits(marks, {
  ask: (request) => busy('Changing the sound', (how) => work(`doc/${report.id}/edit`, JSON.stringify(request), how), EDIT_PATIENCE),
  took: showEdited,
  look: async () => {
    const told = await json(`doc/${report.id}/report`).catch(() => null);
    return told?.sound && { edits: told.edits, command: told.command, peaks: told.sound.peaks, span: [0, told.sound.samples] };
  },
});

function showState() {
  if (!report) state('');
  else if (report.sound) state('Ready');
  else if (report.problem) state('Not read', 'doubt');
  else if (report.doubtful) state(`Read, ${report.doubtful} ${report.doubtful === 1 ? 'thing' : 'things'} to check`, 'doubt');
  else state('Read');
}

whenSettled(showState);

// ---- opening

async function open(path, body, name) {
  if (edits.areUnsaved && !confirm('The edits were not downloaded. Leave them?')) return;
  transport.player.stop();
  const before = report;
  const isPicture = body && /^image\/(png|jpeg)$/.test(body.type);
  if (isPicture) await preview(body);
  const result = await busy(isPicture ? 'Finding the cells' : 'Reading', (how) => work(path, body, { ...how, name }));
  if (!result) {
    if (before) showReport(before, true);
    else showEmpty();
    return;
  }
  if (before) json(`doc/${before.id}/close`, { method: 'POST' }).catch(() => {});
  passed = new Set();
  await showReport(result, true);
}

/** The picture at once, while its cells are looked for. */
async function preview(file) {
  try {
    document.body.dataset.state = 'open';
    setView('picture');
    show(false, at('empty'));
    await picture.load(file);
    picture.place();
  } catch {
    // What is no picture is told by the server.
  }
}

function showEmpty() {
  report = null;
  document.body.dataset.state = 'empty';
  show(true, at('empty'));
  show(false, at('pic'), at('plot'), at('transport'), at('shell'), at('make'), at('downloads'), at('views'), at('turns'), at('edits'));
  at('file').replaceChildren();
  state('');
}

async function showReport(next, isNew = false) {
  const before = report;
  report = next;
  document.body.dataset.state = 'open';
  show(false, at('empty'));
  const { name, kind, size, sound, command } = report;
  document.title = `${name} – Photophone`;
  at('file').replaceChildren(make('b', {}, name), ...[
    kind === 'picture' ? `${size[0]} × ${size[1]} px` : null,
    kind === 'picture' ? report.findings.find((finding) => finding.label === 'Made by')?.text : null,
    sound ? `${(sound.samples / sound.rate).toFixed(2)} s` : null,
    sound ? `${grouped(sound.rate)} Hz` : null,
  ].filter(Boolean).map((text) => make('span', {}, text)));
  at('command').textContent = command;
  show(true, at('shell'));
  showFindings(report, correct, () => save('report'));
  showQuestions(report, passed, { correct, addPhase: () => at('phase-chooser').click() });
  showLimits(report);
  const isPicture = kind === 'picture';
  show(isPicture && !sound, at('make'));
  at('make').disabled = report.problem !== null && report.problem !== undefined;
  show(sound !== null, at('downloads'), at('transport'), at('turns'));
  show(isPicture && sound !== null, at('views'));
  if (isPicture) {
    if (isNew && before?.id !== report.id) await picture.load(await blob(`doc/${report.id}/source`)).catch(() => {});
    picture.show(report);
  }
  if (sound && (isNew || !before?.sound || before.sound !== sound)) {
    levels.load(report.id, sound);
    transport.load(report, true);
    marks.clear();
    edits.load(report.id, report.edits);
    await colour(levels, sound);
    at('heard').textContent = sound.recovered ? (report.limits?.of_magnitudes ? 'from magnitudes only' : 'recovered') : '';
  } else if (!sound) {
    transport.player.stop();
    transport.report = null;
    levels.clear();
    show(false, at('edits'));
  } else transport.load(report, false);
  setView(sound ? 'levels' : 'picture');
  showState();
  transport.tick();
}

function setView(next) {
  view = next;
  document.body.dataset.view = view;
  const isLevels = view === 'levels';
  show(!isLevels, at('pic'), at('checks'));
  show(isLevels, at('plot'), at('colours'));
  show(isLevels, at('markbar'));
  show(isLevels && marks.tool === 'brush', at('brush'));
  for (const button of at('views').children) {
    const is = button.dataset.view === view;
    button.setAttribute('aria-checked', String(is));
    button.tabIndex = is ? 0 : -1;
  }
  at('task').textContent = isLevels ? 'Mark' : 'Check what was read';
  at('hint').textContent = isLevels ? 'Drag over the part that you want to hear.' : 'Drag the frame where it is wrong.';
  showFields();
  if (isLevels) levels.draw();
  else picture.place();
}

// ---- pictures

async function correct(changes) {
  const id = report.id;
  const result = await busy('Reading again', (how) => work(`doc/${id}/recipe`, JSON.stringify(changes), how));
  if (result) {
    await showReport(result);
    say(`Read again. ${at('state').textContent}.`);
  } else if (report) picture.show(report);
}

async function makeSound() {
  transport.player.stop();
  const id = report.id;
  const result = await busy('Making the sound', (how) => work(`doc/${id}/solve`, null, how));
  if (result) {
    await showReport(result);
    say('The sound is ready.');
  } else if (/Too doubtful/.test(at('alert').textContent) && !report.given.some(([name]) => name === 'despite-doubt')) {
    const anyway = make('button', { class: 'link', onclick: async () => { await correct({ 'despite-doubt': '' }); await makeSound(); } }, 'Take it as it is');
    at('alert').querySelector('span').append(' ', anyway);
  }
}

// ---- sounds

function changeLook() {
  takeLook();
  colour(levels, report.sound).catch(complain);
}

function drawAxes() {
  const { width, height } = levels.size;
  const { t0, t1 } = levels.view;
  const yFromHz = Object.assign((hz) => levels.yFromHz(hz), { inverse: (y) => levels.hzFromY(y) });
  labelHertz(at('hertz'), yFromHz, height, [levels.hzFromY(height), levels.hzFromY(0)]);
  labelSeconds(at('secs'), [t0, t1], width);
  at('cells').setAttribute('aria-label',
    `Levels, ${Math.round(levels.hzFromY(height))} to ${Math.round(levels.hzFromY(0))} Hz, ${t0.toFixed(1)} to ${t1.toFixed(1)} s. Arrows move the cursor, with Shift they mark.`);
}

function showFields() {
  const is = view === 'levels' && marks.mark !== null;
  show(is, at('fields'));
  show(!is, at('unmarked'));
  show(!is && Boolean(report?.sound?.recovered), at('advice'));
  if (is) {
    const { t0, t1, f0, f1 } = marks.mark;
    [at('mark-t0').value, at('mark-t1').value] = [secs(t0), secs(t1)];
    [at('mark-f0').value, at('mark-f1').value] = [f0.toFixed(1), f1.toFixed(1)];
  }
  transport.drawWave();
}

/** What an edit has changed is drawn and heard anew, and what was marked with it is marked again. */
function showEdited({ edits: next, span, mark, peaks, command }, request) {
  Object.assign(report, { edits: next, command });
  report.sound.peaks = peaks;
  at('command').textContent = command;
  if (span) {
    for (const what of ['edited', 'difference']) transport.player.changed(what, next.rev, span);
    levels.changed(span);
    transport.player.turn();
  } else for (const what of ['edited', 'difference']) transport.player.changed(what, next.rev, [0, 0]);
  if (('undo' in request || 'redo' in request) && mark) {
    useTool(mark.tool);
    marks.set(mark.mark);
    levels.look(mark.view);
  }
  transport.tick();
}

async function save(kind) {
  try {
    await download(report, kind);
    if (kind !== 'report') edits.saved();
  } catch (error) {
    complain(error);
  }
}

/** Changes what is marked by so many dB. */
const change = (db) => edits.apply({ gain_db: db });

function changeByField() {
  const db = numberFrom(at('gain').value);
  if (Number.isFinite(db)) change(db);
  else complain(new Problem('A change is a number of dB, such as −12.'));
}

// ---- what is pressed

function choose(file) {
  if (file) open('open', file, file.name);
}

function listen() {
  at('open').onclick = at('choose').onclick = () => at('chooser').click();
  at('chooser').onchange = () => { choose(at('chooser').files[0]); at('chooser').value = ''; };
  at('phase-chooser').onchange = async () => {
    const [file] = at('phase-chooser').files;
    at('phase-chooser').value = '';
    if (!file) return;
    const result = await busy('Reading the phase', (how) => work(`doc/${report.id}/phase`, file, { ...how, name: file.name }));
    if (result) await showReport(result);
  };
  at('demo').onclick = () => open('open/demo', null);
  at('make').onclick = makeSound;
  at('cancel').onclick = cancel;
  at('alert').querySelector('button').onclick = () => show(false, at('alert'));
  at('copy').onclick = async () => {
    await navigator.clipboard.writeText(at('command').textContent).then(() => say('Copied.'), () => say('Select the command and copy it.'));
  };
  at('pane').onclick = () => {
    const is = at('side').classList.toggle('shown');
    at('pane').setAttribute('aria-expanded', String(is));
  };
  at('download').onclick = () => toggleMenu(report, save);
  at('play-mark').onclick = () => transport.startMarked();
  at('erase').onclick = () => edits.apply('erase');
  at('fainter').onclick = () => change(-STEP_DB);
  at('louder').onclick = () => change(STEP_DB);
  at('change').onclick = changeByField;
  at('gain').onkeydown = (event) => { if (event.key === 'Enter') changeByField(); };
  at('soft').onchange = () => transport.markChanged();
  at('undo').onclick = () => edits.undo();
  at('redo').onclick = () => edits.redo();
  at('zoom-mark').onclick = () => {
    const { t0, t1, f0, f1 } = marks.mark;
    levels.look({ t0, t1, r0: levels.rowFromY(levels.yFromHz(f0)), r1: levels.rowFromY(levels.yFromHz(f1)) });
  };
  at('drop-mark').onclick = () => { marks.set(null); at('cells').focus(); };
  at('fit').onclick = () => levels.fit();
  at('palette').onchange = at('low').onchange = at('high').onchange = changeLook;
  at('views').onclick = (event) => { if (event.target.dataset.view) setView(event.target.dataset.view); };
  at('tools').onclick = (event) => {
    const tool = event.target.closest('button')?.dataset.tool;
    if (tool) useTool(tool);
  };
  [at('tools'), at('views'), at('pop'), at('sources')].forEach(roving);
  const stageOf = at('stage');
  addEventListener('dragover', (event) => { event.preventDefault(); stageOf.classList.add('over'); });
  addEventListener('dragleave', (event) => { if (!event.relatedTarget) stageOf.classList.remove('over'); });
  addEventListener('drop', (event) => {
    event.preventDefault();
    stageOf.classList.remove('over');
    choose(event.dataTransfer.files[0]);
  });
  addEventListener('resize', () => levels.draw());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => transport.drawWave());
  addEventListener('keydown', keys);
  addEventListener('beforeunload', (event) => { if (edits.areUnsaved) event.preventDefault(); });
}

function useTool(tool) {
  marks.tool = tool;
  for (const button of at('tools').querySelectorAll('[data-tool]')) {
    const is = button.dataset.tool === tool;
    button.setAttribute('aria-pressed', String(is));
    button.tabIndex = is ? 0 : -1;
  }
  show(tool === 'brush', at('brush'));
}

const TOOLS = { r: 'rect', t: 'time', f: 'band', l: 'lasso', b: 'brush', v: 'pan' };

const SOURCES = { 1: 'edited', 2: 'original', 3: 'marked', 4: 'difference' };

/** What a key does to the sound, whatever has the focus; none for the others. */
function verb(event) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return () => (event.shiftKey ? edits.redo() : edits.undo());
    return key === 'y' ? () => edits.redo() : null;
  }
  if (event.altKey) return null;
  if (key === ' ') return event.target.matches?.('button') ? null : () => transport.toggle();
  if (key === 'z') return () => marks.step(!event.shiftKey);
  if (key === 'delete' || key === 'backspace') return () => edits.apply('erase');
  if (key === '-') return () => change(-STEP_DB);
  if (key === '+' || key === '=') return () => change(STEP_DB);
  if (event.shiftKey) return key === 'l' ? () => at('loop').click() : null;
  if (TOOLS[key]) return () => useTool(TOOLS[key]);
  if (SOURCES[key]) return () => transport.hear(SOURCES[key]);
  return key === '0' ? () => levels.fit() : null;
}

/** Keys that mean the same wherever the focus is, but in a field. */
function keys(event) {
  if (event.key === 'Escape') {
    closeMenu();
    cancel();
  }
  if (event.target.matches?.('input, select, textarea') || !report?.sound || view !== 'levels') return;
  const does = verb(event);
  if (!does) return;
  does();
  event.preventDefault();
}

// ---- the beginning

async function begin() {
  if (!takeToken()) {
    showEmpty();
    at('empty').replaceChildren(make('p', {}, 'Open the link that the command printed.'));
    return;
  }
  listen();
  showEmpty();
  try {
    const told = await json('state');
    const last = told.documents.at(-1);
    if (last) await showReport(await json(`doc/${last.id}/report`), true);
    else if (told.file) await open('open/file', null);
  } catch (error) {
    complain(error);
  }
  document.body.dataset.ready = 'yes';
}

begin();
