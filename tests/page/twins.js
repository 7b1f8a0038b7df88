// Calls functions of the page's modules on arrays that Python has written, and writes what they answer:
// `node twins.js JOBS.json`, a list of {module, call, values, answer}; a value {file, type, ...} is an array.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const TYPES = { uint8: Uint8Array, float32: Float32Array };

function arraysIn(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if (value.file) {
    const { buffer, byteOffset, byteLength } = readFileSync(value.file);
    return new TYPES[value.type](buffer.slice(byteOffset, byteOffset + byteLength));
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, arraysIn(part)]));
}

const numbersOf = (made) =>
  ArrayBuffer.isView(made) ? made : Float64Array.from(typeof made === "number" ? [made] : Object.values(made));

for (const { module, call, values, answer } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const functions = await import(pathToFileURL(module).href);
  const made = functions[call](...values.map(arraysIn));
  // Maps, arrays and words as they are, any other object as its numbers, nothing as nothing.
  writeFileSync(answer, made === null || typeof made === "string" ? (made ?? "") : (made.pixels ?? numbersOf(made)));
}
