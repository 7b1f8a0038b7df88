// What was dropped that is not simply photos: folders, whose pictures are taken, or nothing that is a file.

const PICTURES = /\.(jpe?g|png|webp|avif|gif|bmp|hei[cf])$/i;
const MOST = 1000; // files: whoever drops a whole disk does not wait for its end

export const NO_FILE = {
  title: "No file was dropped",
  detail: "It was a link, or text. Save the picture on this device first, then choose it here.",
};
export const NO_PICTURE = {
  title: "No pictures in this folder",
  detail: "Choose a folder with photos (JPEG, PNG or WebP), or photos themselves.",
};

/** The pictures of folders and of what is in them, by name; files that were dropped beside them, whatever they are. */
export async function filesOf(/** @type {any[]} */ entries) {
  const files = [];
  for (const entry of entries) {
    if (entry.isFile) files.push(await fileOf(entry));
    else await gather(entry, files);
  }
  return files;
}

async function gather(folder, files) {
  const within = await entriesOf(folder);
  for (const entry of within.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }))) {
    if (files.length >= MOST) return;
    if (entry.isDirectory) await gather(entry, files);
    else if (PICTURES.test(entry.name)) files.push(await fileOf(entry));
  }
}

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

/** A reader gives some at a time, and none at the end. */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
