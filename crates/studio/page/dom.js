// Elements, made without markup: texts out of files stay texts.

/** The element with an id. */
export const at = (id) => document.getElementById(id);

/** An element with properties and children. `class` and `data-x` are attributes. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.startsWith('aria')) element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The same of an SVG. */
export function shape(tag, attributes = {}) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Shows or hides elements. */
export const show = (is, ...elements) => elements.forEach((element) => { element.hidden = !is; });

/** Says something to who cannot see it. */
export const say = (text) => { at('live').textContent = text; };

/** Makes the backing store of a canvas as fine as the screen; gives its size in CSS pixels and the ratio. */
export function fitted(canvas) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  return { width, height, ratio };
}

/** Keeps the arrow keys inside a toolbar or radio group: one stop of the tab key for all of its buttons. */
export function roving(group) {
  group.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...group.querySelectorAll('button:not([disabled])')];
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
    if (next.getAttribute('role') === 'radio') next.click();
    event.preventDefault();
    event.stopPropagation();
  });
}
