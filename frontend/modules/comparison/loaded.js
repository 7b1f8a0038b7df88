// What is too large for the state: the photo, the maps, and the pictures painted of them.

/** Of the comparison on show; emptied when another begins. */
export class Loaded {
  photo = null; // levels, largest first: see `levels.js`
  maps = new Map(); // name to { ids, confidence }
  pictures = new Map(); // name to { key, levels }

  clear() {
    for (const bitmap of [this.photo, ...[...this.pictures.values()].map(({ levels }) => levels)].flat())
      bitmap?.close();
    this.photo = null;
    this.maps.clear();
    this.pictures.clear();
  }
}
