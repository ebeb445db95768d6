// Marks with an outline: what a lasso was drawn around, and what a brush went over.

/** Corners of the brush's tip. */
const CORNERS = 10;

/** Lowest frequency that a brush has a width in cents at, in Hz. */
const LOWEST = 16;

/** As many digits as say where something lies, and few enough that every reader takes the same number of them. */
const rounded = ([t, f]) => [Number(t.toFixed(6)), Number(f.toFixed(3))];

/** An outline's mark: its points, each seconds and hertz, and the box around them. */
export function outlined(all) {
  const points = all.map(rounded);
  const [times, tones] = [points.map(([t]) => t), points.map(([, f]) => f)];
  return { t0: Math.min(...times), t1: Math.max(...times), f0: Math.min(...tones), f1: Math.max(...tones), points };
}

/** At most so many of a path's points, those that lie farther apart; its ends are kept. */
export function thinned(path, most) {
  let [kept, apart] = [path, 2];
  while (kept.length > most) {
    const some = [path[0]];
    for (const point of path) {
      const last = some.at(-1);
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= apart) some.push(point);
    }
    kept = [...some, path.at(-1)];
    apart *= 1.4;
  }
  return kept;
}

/**
 * The outline of a stroke through points: around each of its pieces and back the same way, so that it winds around all of them
 * and around nothing else. The tip is an ellipse, so many seconds by so many cents.
 */
export function stroke(points, { secs, cents }) {
  const [across, up] = [secs / 2, cents / 2400];
  const place = ([t, f]) => [t / across, Math.log2(Math.max(f, LOWEST)) / up];
  const back = ([u, v]) => [u * across, 2 ** (v * up)];
  const tip = Array.from({ length: CORNERS }, (_, n) => [Math.cos((2 * Math.PI * n) / CORNERS), Math.sin((2 * Math.PI * n) / CORNERS)]);
  const pieces = points.slice(1).map((point, n) => {
    const [from, to] = [place(points[n]), place(point)];
    const [du, dv] = [to[0] - from[0], to[1] - from[1]];
    const corners = tip.map(([x, y]) => {
      const [u, v] = x * du + y * dv > 0 ? to : from;
      return back([u + x, v + y]);
    });
    return [...corners, corners[0]];
  });
  return [...pieces.flat(), ...pieces.map(([first]) => first).reverse()];
}

/** An outline in CSS pixels. */
export function pathOf(levels, points) {
  const path = new Path2D();
  for (const [t, f] of points) path.lineTo(levels.xFromSecs(t), levels.yFromHz(f));
  path.closePath();
  return path;
}

/** An outline stretched into another box, as it is seen. */
export function refitted(levels, { t0, t1, f0, f1, points }, next) {
  const [low, high, from, to] = [f0, f1, next.f0, next.f1].map((f) => levels.yFromHz(f));
  const stretch = (value, a, b, c, d) => (b === a ? c : c + ((value - a) / (b - a)) * (d - c));
  const moved = ([t, f]) => [stretch(t, t0, t1, next.t0, next.t1), levels.hzFromY(stretch(levels.yFromHz(f), low, high, from, to))];
  return outlined(points.map(moved));
}

/** Draws an outline, all around it dimmed. The lines within it are taken away again. */
export function drawOutline(context, path, width, height) {
  context.fillStyle = '#0000004d';
  context.fillRect(0, 0, width, height);
  for (const [style, line] of [['#000b', 5], ['#fff', 2.5]]) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.stroke(path);
  }
  context.globalCompositeOperation = 'destination-out';
  context.fillStyle = '#000';
  context.fill(path, 'nonzero');
  context.globalCompositeOperation = 'source-over';
}
