// The page: what is open, what is shown of it, and what the person asks for.

import { at, make, roving, say, show } from './dom.js';
import { closeMenu, download, toggleMenu } from './downloads.js';
import { blob, json, Problem, takeToken, work } from './server.js';
import { showFindings, showLimits, showQuestions } from './findings.js';
import { Levels } from './levels.js';
import { colour, takeLook } from './look.js';
import { Marks } from './marks.js';
import { Picture } from './picture.js';
import { Player } from './player.js';
import { labelHertz, labelSeconds } from './axes.js';
import { drawWaveform } from './waveform.js';
import { grouped, secs, stage } from './words.js';

let report = null;
let passed = new Set();
let job = null;
let view = 'picture';

const picture = new Picture((changes) => correct(changes));
const levels = new Levels(at('cells'), () => { drawAxes(); marks.draw(); drawWave(); });
const player = new Player({ ended: () => playing(false), failed: (error) => complain(error) });
const marks = new Marks(levels, {
  changed: showFields,
  seek: (t) => { player.isPlaying ? start(t) : (player.position = t); tick(); },
  play: () => start(),
});

// ---- what the person is told

function complain(error) {
  const text = error instanceof Problem ? error.message : `Something went wrong on the page: ${error.message}`;
  if (text === 'Cancelled.') {
    say(text);
    return;
  }
  at('alert').querySelector('span').textContent = text;
  show(true, at('alert'));
}

/** Does work with its progress shown; the one before is given up. */
async function busy(what, ask) {
  job?.abort();
  const mine = new AbortController();
  job = mine;
  show(false, at('alert'));
  const told = (now) => {
    at('busy-text').textContent = stage(now);
    if (now.done > 0) at('busy-bar').value = now.done / now.of;
  };
  at('busy-text').textContent = `${what}.`;
  at('busy-bar').removeAttribute('value');
  const later = setTimeout(() => { if (job === mine) shown(true); }, 150);
  const shown = (is) => {
    show(is, at('busy'));
    at('image').classList.toggle('dimmed', is);
    at('cells').classList.toggle('dimmed', is);
  };
  state(what, 'working');
  try {
    return await ask({ signal: mine.signal, told });
  } catch (error) {
    if (job === mine || !mine.signal.aborted) complain(error);
    return null;
  } finally {
    clearTimeout(later);
    if (job === mine) {
      job = null;
      shown(false);
      showState();
    }
  }
}

function state(text, kind = '') {
  at('state').textContent = text;
  at('state').className = `state ${kind}`;
}

function showState() {
  if (!report) state('');
  else if (report.sound) state('Ready');
  else if (report.problem) state('Not read', 'doubt');
  else if (report.doubtful) state(`Read, ${report.doubtful} ${report.doubtful === 1 ? 'thing' : 'things'} to check`, 'doubt');
  else state('Read');
}

// ---- opening

async function open(path, body, name) {
  player.stop();
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
  show(false, at('pic'), at('plot'), at('transport'), at('shell'), at('make'), at('downloads'), at('views'));
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
  show(sound !== null, at('downloads'), at('transport'));
  show(isPicture && sound !== null, at('views'));
  show(Boolean(sound?.recovered), at('advice'));
  if (isPicture) {
    if (isNew && before?.id !== report.id) await picture.load(await blob(`doc/${report.id}/source`)).catch(() => {});
    picture.show(report);
  }
  if (sound && (isNew || !before?.sound || before.sound !== sound)) {
    player.load(report.id, sound);
    levels.load(report.id, sound);
    marks.clear();
    await colour(levels, sound);
    at('length').textContent = secs(sound.samples / sound.rate);
    at('heard').textContent = sound.recovered ? (report.limits?.of_magnitudes ? 'from magnitudes only' : 'recovered') : '';
  } else if (!sound) {
    player.stop();
    levels.clear();
  }
  setView(sound ? 'levels' : 'picture');
  showState();
  tick();
}

function setView(next) {
  view = next;
  document.body.dataset.view = view;
  const isLevels = view === 'levels';
  show(!isLevels, at('pic'), at('checks'));
  show(isLevels, at('plot'), at('colours'));
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
  player.stop();
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

function drawWave() {
  if (!report?.sound) return;
  const { peaks } = report.sound;
  drawWaveform(at('wave'), { peaks, secs: levels.secs, played: player.position ?? 0, mark: marks.mark, view: levels.view });
}

function showFields() {
  const is = view === 'levels' && marks.mark !== null;
  show(is, at('fields'));
  show(!is, at('hint'));
  if (is) {
    const { t0, t1, f0, f1 } = marks.mark;
    [at('mark-t0').value, at('mark-t1').value] = [secs(t0), secs(t1)];
    [at('mark-f0').value, at('mark-f1').value] = [f0.toFixed(1), f1.toFixed(1)];
  }
  drawWave();
}

/** Plays from a time: within the mark where there is one, or where looping is on within what is seen. */
function start(from) {
  if (!report?.sound) return;
  const { mark } = marks;
  const all = [0, levels.secs];
  const within = mark && mark.t1 > mark.t0 ? [mark.t0, mark.t1] : player.loops ? [levels.view.t0, levels.view.t1] : all;
  const range = from === undefined || (from >= within[0] && from < within[1]) ? within : all;
  player.play(from ?? (mark ? within[0] : player.position), range);
  playing(true);
}

function playing(is) {
  at('play').setAttribute('aria-label', is ? 'Pause' : 'Play');
  at('play').title = is ? 'Pause (space)' : 'Play (space)';
  at('play-shape').setAttribute('d', is ? 'M5 4h3.500v12H5ZM11.500 4H15v12h-3.500Z' : 'M6 4v12l10-6Z');
  if (is) requestAnimationFrame(tick);
  else tick();
}

function toggle() {
  if (player.isPlaying) {
    player.stop();
    playing(false);
  } else start();
}

function tick() {
  if (!report?.sound) return;
  const position = player.now();
  at('now').textContent = secs(position);
  marks.playhead = position;
  marks.draw();
  drawWave();
  if (player.isPlaying) requestAnimationFrame(tick);
}

function save(kind) {
  return download(report, kind).catch(complain);
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
  at('cancel').onclick = () => job?.abort();
  at('alert').querySelector('button').onclick = () => show(false, at('alert'));
  at('copy').onclick = async () => {
    await navigator.clipboard.writeText(at('command').textContent).then(() => say('Copied.'), () => say('Select the command and copy it.'));
  };
  at('pane').onclick = () => {
    const is = at('side').classList.toggle('shown');
    at('pane').setAttribute('aria-expanded', String(is));
  };
  at('play').onclick = toggle;
  at('loop').onclick = () => {
    player.loops = !player.loops;
    at('loop').setAttribute('aria-pressed', String(player.loops));
  };
  at('download').onclick = () => toggleMenu(report, save);
  at('play-mark').onclick = () => start();
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
  [at('tools'), at('views'), at('pop')].forEach(roving);
  at('wave').onpointerdown = (event) => {
    const t = (event.offsetX / at('wave').clientWidth) * levels.secs;
    if (player.isPlaying) start(t);
    else player.position = t;
    tick();
  };
  const stageOf = at('stage');
  addEventListener('dragover', (event) => { event.preventDefault(); stageOf.classList.add('over'); });
  addEventListener('dragleave', (event) => { if (!event.relatedTarget) stageOf.classList.remove('over'); });
  addEventListener('drop', (event) => {
    event.preventDefault();
    stageOf.classList.remove('over');
    choose(event.dataTransfer.files[0]);
  });
  addEventListener('resize', () => levels.draw());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawWave);
  addEventListener('keydown', keys);
}

function useTool(tool) {
  marks.tool = tool;
  for (const button of at('tools').querySelectorAll('[data-tool]')) {
    const is = button.dataset.tool === tool;
    button.setAttribute('aria-pressed', String(is));
    button.tabIndex = is ? 0 : -1;
  }
}

/** Keys that mean the same wherever the focus is, but in a field. */
function keys(event) {
  if (event.key === 'Escape') {
    closeMenu();
    if (job) job.abort();
  }
  if (event.target.matches?.('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!report?.sound || view !== 'levels') return;
  const tools = { r: 'rect', t: 'time', f: 'band', v: 'pan' };
  const key = event.key.toLowerCase();
  if (event.key === ' ' && !event.target.matches?.('button')) toggle();
  else if (key === 'l' && event.shiftKey) at('loop').click();
  else if (tools[key] && !event.shiftKey) useTool(tools[key]);
  else if (event.key === '0') levels.fit();
  else return;
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
