// Coarse logits to a label map of any size: bilinear interpolation and arg-max, computed only where classes meet.
// The twin of shared/inference/upsample.py, which says why that is enough. Logits are classes x height x width.

/** The winning class of each pixel of the result, the first of equal ones. */
export function upsample({ logits, classes, width, height }, size) {
  const coarse = { logits, classes, width, height, winner: argmax(logits, classes, width * height) };
  const [rows, columns] = [cellsOf(height, size.height), cellsOf(width, size.width)];
  const labels = new Uint8Array(size.width * size.height);
  for (let i = 0; i <= height; i++) {
    if (rows.start[i] === rows.start[i + 1]) continue;
    for (let j = 0; j <= width; j++)
      if (columns.start[j] < columns.start[j + 1]) fillCell(labels, size.width, coarse, rows, columns, i, j);
  }
  return labels;
}

export function argmax(logits, classes, count) {
  const best = logits.slice(0, count);
  const winner = new Uint8Array(count);
  for (let label = 1; label < classes; label++)
    for (let at = 0, from = label * count; at < count; at++, from++)
      if (logits[from] > best[at]) {
        best[at] = logits[from];
        winner[at] = label;
      }
  return winner;
}

/** Cell k lies between logits k - 1 and k; its pixels are `start[k]` to `start[k + 1]`, each `share` of the way. */
function cellsOf(coarse, fine) {
  const start = new Int32Array(coarse + 2).fill(fine);
  const share = new Float32Array(fine);
  for (let pixel = fine - 1; pixel >= 0; pixel--) {
    const position = (pixel + 0.5) * (coarse / fine) - 0.5;
    const before = Math.floor(position);
    share[pixel] = position - before;
    start[before + 1] = pixel;
  }
  for (let cell = coarse; cell >= 0; cell--) start[cell] = Math.min(start[cell], start[cell + 1]);
  return { start, share, last: coarse - 1 };
}

function fillCell(labels, stride, coarse, rows, columns, i, j) {
  const { winner, width } = coarse;
  const [top, bottom] = [Math.max(0, i - 1) * width, Math.min(rows.last, i) * width];
  const [left, right] = [Math.max(0, j - 1), Math.min(columns.last, j)];
  const corners = [top + left, top + right, bottom + left, bottom + right];
  const [from, to] = [columns.start[j], columns.start[j + 1]];
  const [one, other, third, fourth] = corners.map((at) => winner[at]);
  if (one === other && one === third && one === fourth)
    for (let y = rows.start[i]; y < rows.start[i + 1]; y++) labels.fill(one, y * stride + from, y * stride + to);
  else {
    const contenders = contendersOf(coarse, corners);
    for (let y = rows.start[i]; y < rows.start[i + 1]; y++)
      for (let x = from; x < to; x++) labels[y * stride + x] = winnerOf(contenders, rows.share[y], columns.share[x]);
  }
}

/** The classes that may win in a cell, with their logits at its corners: those that none of two others is above. */
function contendersOf({ logits, classes, width, height, winner }, corners) {
  const count = width * height;
  const one = winner[corners[0]];
  const other = winner[corners.find((at) => winner[at] !== one)];
  const at = (label, corner) => logits[label * count + corner];
  const stands = (label) =>
    [one, other].every((rival) => rival === label || corners.some((corner) => at(label, corner) > at(rival, corner)));
  const found = [];
  for (let label = 0; label < classes; label++)
    if (stands(label)) found.push([label, ...corners.map((corner) => at(label, corner))]);
  return found;
}

function winnerOf(contenders, down, across) {
  let best = -Infinity;
  let winner = 0;
  for (const [label, one, other, third, fourth] of contenders) {
    const left = one + (third - one) * down;
    const value = left + (other + (fourth - other) * down - left) * across;
    if (value > best) {
      best = value;
      winner = label;
    }
  }
  return winner;
}
