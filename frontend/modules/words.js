// Numbers, names and what went wrong as people read them.

/** Rounded, but never to nothing or to the whole where it is not. */
export const percent = (share, digits = 1) => `${inPercent(share, digits)}\u00a0%`;
export const inPercent = (share, digits = 0) => rounded(100 * share, 100, digits);
export const fraction = (share, digits = 2) => rounded(share, 1, digits);

function rounded(value, whole, digits) {
  const step = 10 ** -digits;
  if (value > 0 && value < step / 2) return `<${step.toFixed(digits)}`;
  if (value < whole && value >= whole - step / 2) return `>${(whole - step).toFixed(digits)}`;
  return value.toFixed(digits);
}

/** How far what runs on this device is, by the share that has come, 0 before and after: "100 %" is never said. */
export const fetched = (share) =>
  share > 0
    ? `Fetching the engine and the networks, once: ${percent(share, 0)}`
    : "Getting the engine and the networks ready…";

const COUNTS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
export const count = (number) => COUNTS[number] ?? String(number);
export const milliseconds = (ms) => (ms < 1000 ? `${Math.round(ms)}\u00a0ms` : `${(ms / 1000).toFixed(1)}\u00a0s`);
export const kilobytes = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
export const dollars = (amount) => `$${amount.toFixed(amount >= 0.01 ? 2 : 6)}`;

/** "a, b and c" */
export const listed = (words) => new Intl.ListFormat("en-GB").format(words);

/** A class's title within a sentence; a user's own model may answer none of the classes, "nothing". */
export const className = (classes, name) => (classes.find((label) => label.name === name)?.title ?? name).toLowerCase();

export const KEPT = "Nothing is lost: what you chose is kept here.";

export const noConnection = () =>
  navigator.onLine
    ? {
        title: "No connection",
        detail: `The server cannot be reached. ${KEPT} Check your connection, then try again.`,
      }
    : { title: "You are offline", detail: `Your device has no connection. ${KEPT} Try again when it is back.` };
