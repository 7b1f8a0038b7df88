// How large frames are: as large as the device can handle quickly enough, or as the visitor wants them.

export const SHORT_SIDES = [128, 192, 256, 384, 512]; // px, of what networks see
const BEGIN = 2; // 256
const SLOW_MS = 1000 / 3;
const SMOOTH_MS = 1000 / 15; // frames grow only to what would still be as quick
const PATIENCE = 3; // frames in a row, so that a single slow one means nothing
const KEPT = 12; // frames over which rates are taken

export class Pace {
  #at = BEGIN;
  #fixed = null;
  #slow = 0;
  #quick = 0;
  #ends = [];

  /** `fixed` is the short side that is wanted however long frames take, or null. */
  constructor(fixed = null) {
    this.#fixed = fixed;
  }

  get short() {
    return this.#fixed ?? SHORT_SIDES[this.#at];
  }

  /** Notes a frame, for which all networks together took `ms`. */
  add(ms, now) {
    this.#ends = [...this.#ends, now].slice(-KEPT);
    const larger = ms * (SHORT_SIDES[this.#at + 1] / SHORT_SIDES[this.#at]) ** 2;
    this.#slow = ms > SLOW_MS ? this.#slow + 1 : 0;
    this.#quick = larger < SMOOTH_MS ? this.#quick + 1 : 0;
    const way = this.#slow === PATIENCE ? -1 : this.#quick === PATIENCE ? 1 : 0;
    const at = this.#at + way;
    if (!way || at < 0 || at >= SHORT_SIDES.length) return;
    this.#at = at;
    this.#slow = this.#quick = 0;
  }

  /** Frames a second, of the last few. */
  get rate() {
    const span = this.#ends.at(-1) - this.#ends[0];
    return span > 0 ? ((this.#ends.length - 1) * 1000) / span : 0;
  }

  /** Forgets the last frame, since a pause is no slow frame. */
  forget() {
    this.#ends = [];
  }
}
