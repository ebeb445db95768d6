// What was read, with where it comes from, and what corrects it.

import { at, make, show } from './dom.js';
import { grouped, whole } from './words.js';

const SIGNS = [['read', 'read'], ['given', 'given'], ['assumed', 'assumed']];

/** What stands below a value: where it comes from and how sure it is. */
function provenance({ source, confidence, sureness, from }) {
  if (from) return from;
  if (source === 'unknown') return 'not known';
  if (source === 'read' && confidence !== null) return `read, ${Math.round(100 * confidence)} % sure`;
  if (source === 'assumed' && confidence !== null) return `assumed, ${sureness}`;
  return source;
}

const sign = () => make('i', { class: 'sign', 'aria-hidden': 'true' });

let opened = null;

/**
 * The list of findings. `given` are the settings that were given on the page; `correct(changes)` gives others, a value of
 * null takes one back.
 */
export function showFindings(report, correct, download) {
  const section = at('read');
  section.replaceChildren();
  const title = make('h2', {}, 'What was read');
  if (report.sound?.recovered) title.append(make('button', { class: 'link', onclick: download }, 'Export report'));
  section.append(title);
  if (report.problem) section.append(make('p', { class: 'warning' }, report.problem));
  const given = new Map(report.given ?? []);
  const list = make('ul', { class: 'findings' });
  for (const finding of report.findings ?? soundFindings(report)) list.append(line(finding, given, correct));
  const key = make('p', { class: 'key' });
  for (const [name, text] of SIGNS) key.append(make('span', { class: name }, sign(), text));
  section.append(list, key);
  for (const warning of report.warnings ?? []) section.append(make('p', { class: 'warning' }, warning));
}

/** What there is to say of a sound. */
function soundFindings({ sound }) {
  const told = (label, text) => ({ label, text, source: 'read', confidence: null, evidence: '', setting: null, from: 'in the file' });
  return [
    told('Sample rate', `${grouped(sound.rate)} Hz`),
    told('Channels', String(sound.channels)),
    told('Length', `${(sound.samples / sound.rate).toFixed(3)} s`),
  ];
}

function line(finding, given, correct) {
  const { label, text, source, evidence, setting } = finding;
  const isOpen = opened === label;
  const item = make('li', { class: `${source}${isOpen ? ' open' : ''}` });
  const opens = setting !== null || evidence !== '';
  const row = make(opens ? 'button' : 'div', { class: 'row' },
    sign(), make('span', {}, label), make('b', {}, text), make('small', {}, provenance(finding)));
  item.append(row);
  if (!opens) return item;
  const more = make('div', { hidden: !isOpen });
  if (evidence) row.append(make('small', { class: 'why', hidden: !isOpen }, evidence));
  if (setting !== null) more.append(editor(finding, given.has(setting), correct));
  item.append(more);
  row.setAttribute('aria-expanded', String(isOpen));
  row.addEventListener('click', () => {
    opened = more.hidden ? label : null;
    row.setAttribute('aria-expanded', String(more.hidden));
    item.classList.toggle('open', more.hidden);
    row.querySelectorAll('.why').forEach((why) => { why.hidden = !why.hidden; });
    more.hidden = !more.hidden;
    if (!more.hidden) more.querySelector('input')?.focus();
  });
  return item;
}

/** A field with what is taken now; Enter gives another value. */
function editor({ label, value, setting }, isGiven, correct) {
  const field = make('input', { value, 'aria-label': label, spellcheck: false, size: 8 });
  const use = () => correct({ [setting]: field.value });
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') use(); });
  const fix = make('div', { class: 'fix' }, field, make('button', { onclick: use }, 'Use'));
  if (isGiven) fix.append(make('button', { onclick: () => correct({ [setting]: null }) }, 'As read'));
  return fix;
}

/** The questions, each with answers that are ready. Those that were passed over are not asked again. */
export function showQuestions(report, passed, { correct, addPhase }) {
  const place = at('questions');
  place.replaceChildren();
  for (const question of report.questions ?? []) {
    if (passed.has(question.title)) continue;
    const chips = make('div', { class: 'chips' });
    for (const answer of question.answers) {
      const onclick = () => {
        passed.add(question.title);
        if (answer.gives.length) correct(Object.fromEntries(answer.gives));
        else showQuestions(report, passed, { correct, addPhase });
      };
      chips.append(make('button', { onclick }, answer.text));
    }
    const other = question.setting === 'phase'
      ? make('button', { onclick: addPhase }, 'Add phase…')
      : make('button', { onclick: () => openFinding(report, question.setting) }, 'Other…');
    chips.append(other);
    place.append(make('div', { class: 'question' }, make('h2', {}, question.title), make('p', {}, question.text), chips));
  }
}

/** Opens the finding that a setting corrects. */
export function openFinding(report, setting) {
  const finding = report.findings.find((other) => other.setting === setting);
  if (!finding) return;
  const rows = [...document.querySelectorAll('.findings .row')];
  const row = rows.find((other) => other.querySelector('span').textContent === finding.label);
  if (row?.getAttribute('aria-expanded') === 'false') row.click();
  else row?.focus();
}

const LOSSES = {
  grid: 'Frames too far apart', levels: 'Steps of the levels', geometry: 'Cells not in the picture', phase: 'No phase',
};

/** What each step has lost of the power, the most first. */
export function showLimits({ limits }) {
  const section = at('limits');
  section.replaceChildren();
  show(limits !== null, section);
  if (limits === null) return;
  section.append(make('h2', {}, 'What limits the sound'));
  if (limits.of_magnitudes) {
    section.append(make('p', { class: 'note' }, 'From magnitudes alone: the sound is close, its samples are new.'));
  } else if (limits.losses.length) {
    section.append(make('p', { class: 'note' }, 'Power lost at each step. The longest bar matters most.'));
    const bars = make('dl', { class: 'bars' });
    for (const { name, db } of limits.losses) {
      const text = `${whole(db)} dB`;
      bars.append(make('dt', {}, LOSSES[name] ?? name), make('dd', {}, text));
      bars.append(make('meter', { min: 0, max: 60, value: Math.max(0, 60 + db), 'aria-label': `${LOSSES[name] ?? name}: ${text}` }));
    }
    section.append(bars);
  }
  if (limits.loudness) section.append(make('p', { class: 'dim' }, `Loudness: ${limits.loudness}.`));
  for (const warning of limits.warnings) section.append(make('p', { class: 'warning' }, warning));
}
