// Coarse logits to a label map of any size: bilinear interpolation and arg-max, computed only where classes meet.
// The twin of shared/inference/upsample.py, which says why that is enough. Logits are classes x height x width.

/** The winning class of each pixel of the result, the first of equal ones. */
export function upsample({ logits, classes, width, height }, size) {
  const winner = argmax(logits, classes, width * height);
  if (width === size.width && height === size.height) return winner;
  const coarse = { logits, classes, width, height, winner };
  const contest = new Contest(classes);
  const [rows, columns] = [cellsOf(height, size.height), cellsOf(width, size.width)];
  const labels = new Uint8Array(size.width * size.height);
  for (let i = 0; i <= height; i++) {
    if (rows.start[i] === rows.start[i + 1]) continue;
    for (let j = 0; j <= width; j++)
      if (columns.start[j] < columns.start[j + 1]) fillCell(labels, size.width, coarse, contest, rows, columns, i, j);
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

function fillCell(labels, stride, coarse, contest, rows, columns, i, j) {
  const { winner, width } = coarse;
  const [top, bottom] = [Math.max(0, i - 1) * width, Math.min(rows.last, i) * width];
  const [left, right] = [Math.max(0, j - 1), Math.min(columns.last, j)];
  const corners = [top + left, top + right, bottom + left, bottom + right];
  const [from, to] = [columns.start[j], columns.start[j + 1]];
  const one = winner[corners[0]];
  const other = corners.find((at) => winner[at] !== one);
  if (other === undefined) {
    for (let y = rows.start[i]; y < rows.start[i + 1]; y++) labels.fill(one, y * stride + from, y * stride + to);
    return;
  }
  contest.begin(coarse, corners, one, winner[other]);
  for (let y = rows.start[i]; y < rows.start[i + 1]; y++) {
    contest.goDown(rows.share[y]);
    for (let x = from; x < to; x++) labels[y * stride + x] = contest.winner(columns.share[x]);
  }
}

/** The classes that may win in a cell, and how they stand; one object for all cells, so that nothing is allocated. */
class Contest {
  constructor(classes) {
    this.ids = new Uint8Array(classes);
    this.corners = Array.from({ length: 4 }, () => new Float64Array(classes));
    this.left = new Float64Array(classes);
    this.slope = new Float64Array(classes);
    this.count = 0;
  }

  /** Those that none of two others, which each win a corner, is above at all four. */
  begin({ logits, classes, width, height }, corners, one, other) {
    const all = width * height;
    this.count = 0;
    for (let label = 0; label < classes; label++) {
      let [aboveOne, aboveOther] = [label === one, label === other];
      for (let at = 0; at < 4; at++) {
        const value = logits[label * all + corners[at]];
        this.corners[at][this.count] = value;
        aboveOne ||= value > logits[one * all + corners[at]];
        aboveOther ||= value > logits[other * all + corners[at]];
      }
      if (aboveOne && aboveOther) this.ids[this.count++] = label;
    }
  }

  /** Moves to a row of pixels, `share` of the way from the upper corners to the lower. */
  goDown(share) {
    const [one, other, third, fourth] = this.corners;
    for (let at = 0; at < this.count; at++) {
      this.left[at] = one[at] + (third[at] - one[at]) * share;
      this.slope[at] = other[at] + (fourth[at] - other[at]) * share - this.left[at];
    }
  }

  /** The first of equal ones. */
  winner(share) {
    let best = 0;
    let most = this.left[0] + this.slope[0] * share;
    for (let at = 1; at < this.count; at++) {
      const value = this.left[at] + this.slope[at] * share;
      if (value > most) [best, most] = [at, value];
    }
    return this.ids[best];
  }
}
