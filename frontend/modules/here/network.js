// ONNX Runtime in WebAssembly, and the networks that it runs. In the worker.

import { fetchFile } from "./files.js";
import { answered, fed } from "./graph.js";

const KEPT_THERE = "This server keeps the model's network to itself: it runs there alone.";
const MOST_THREADS = 4; // more gain nothing with networks this small
/** Threads that wait for work sleep: those of each network would otherwise take the others' time, and the page's. */
const PATIENT = { session: { intra_op: { allow_spinning: "0" } } };

let runtime = null; // a promise

/** How many threads the page may have: without isolation from other origins there is no memory that they share. */
export const threads = () =>
  globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;

async function started(base, onBytes) {
  const binary = fetchFile(new URL("ort-wasm-simd-threaded.wasm", base).href, { onBytes });
  binary.catch(() => {}); // heard of below
  const ort = await import(new URL("ort.wasm.min.mjs", base).href).catch(() => {
    throw new Error("The engine cannot be fetched: there is no connection, or this server was started without it.");
  });
  const { wasm } = ort.env;
  wasm.numThreads = threads();
  wasm.wasmPaths = base;
  wasm.wasmBinary = await binary;
  ort.env.logLevel = "error";
  return ort;
}

/** A network ready to run, from its file; the runtime is fetched with the first. `graph` is that of a user's own. */
export async function loaded({ base, url, sha256, graph = null }, onBytes) {
  runtime ??= started(base, onBytes);
  const [ort, file] = await Promise.all([
    runtime.catch((error) => {
      runtime = null; // so that it can be tried again
      throw error;
    }),
    fetchFile(url, { sha256, onBytes }).catch((error) => {
      throw graph && error.cause ? new Error(KEPT_THERE) : error;
    }),
  ]);
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"], extra: PATIENT });
  return {
    /** 3 x height x width to classes x height x width, at the network's own stride, or what else graph.js gives. */
    async run(pixels, size) {
      if (graph) {
        const { data, dims } = fed(pixels, size, graph);
        const tensor = new ort.Tensor(graph.type, data, dims);
        return answered((await session.run({ [graph.input]: tensor }, [graph.output]))[graph.output], graph);
      }
      const tensor = new ort.Tensor("float32", pixels, [1, 3, size.height, size.width]);
      const { [session.outputNames[0]]: answer } = await session.run({ [session.inputNames[0]]: tensor });
      const [, classes, height, width] = answer.dims;
      return { logits: answer.data, classes, width, height };
    },
  };
}
