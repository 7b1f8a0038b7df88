// Says what a file is that the browser cannot show, by how it begins.

const KINDS = [
  [0, "\xff\xd8\xff", "a JPEG photo"],
  [0, "\x89PNG", "a PNG picture"],
  [8, "WEBP", "a WebP picture"],
  [4, "ftypheic", "a HEIC photo"],
  [4, "ftypheix", "a HEIC photo"],
  [4, "ftyphev", "a HEIC photo"],
  [4, "ftypmif1", "a HEIC photo"],
  [4, "ftypmsf1", "a HEIC photo"],
  [4, "ftypavi", "an AVIF picture"],
  [4, "ftyp", "a video"],
  [0, "\x1aE\xdf\xa3", "a video"],
  [0, "GIF8", "a GIF picture"],
  [0, "BM", "a BMP picture"],
  [0, "II*\0", "a TIFF or raw photo"],
  [0, "MM\0*", "a TIFF or raw photo"],
  [0, "%PDF", "a PDF document"],
  [0, "PK\x03\x04", "a ZIP archive or office document"],
];
const READABLE = /^a (JPEG|PNG|WebP)/;

/**
 * @param {Uint8Array} head the file's first bytes; 16 are enough
 * @returns {string|null} "a HEIC photo", or null when nothing is known of it
 */
export function kindOf(head) {
  const text = String.fromCharCode(...head.subarray(0, 64));
  return KINDS.find(([at, start]) => text.startsWith(start, at))?.[2] ?? null;
}

/**
 * Why a file could not be shown, and what to do.
 * @param {Uint8Array} head
 * @returns {string}
 */
export function explanation(head) {
  if (head.length === 0) return "This file is empty. Choose a JPEG, PNG or WebP photo.";
  const kind = kindOf(head);
  if (kind === null) return "This file is not a photo that this browser can read. Choose a JPEG, PNG or WebP photo.";
  if (kind.includes("HEIC")) {
    return (
      "This is a HEIC photo, the iPhone's own format, which this browser cannot read. On the iPhone choose Settings, " +
      "Camera, Formats, Most Compatible; or export the photo as JPEG."
    );
  }
  if (READABLE.test(kind)) return `This is ${kind}, but a broken one: it cannot be read to its end. Save it anew.`;
  return `This is ${kind}, which this browser cannot read as a photo. Choose a JPEG, PNG or WebP photo.`;
}
