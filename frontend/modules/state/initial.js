// What the page knows and shows, before anything has happened.

export const MODES = ["grid", "slider", "blink", "disagreement", "consensus"];
export const LAYERS = ["labels", "confidence", "errors"];
export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });

export function initialState() {
  return {
    // Asked of the API once.
    models: [],
    classes: [],
    samples: [],

    // The comparison.
    subject: null, // { kind: "sample" | "photo" | "link", id, title, about, alt, width, height, address, what, sent }
    phase: "starting", // starting, preparing, uploading, waiting, done, stopped
    began: 0, // when the present phase did, by performance.now()
    progress: 0, // of the upload, 0 to 1
    uploadMs: null,
    comparison: null, // the API's document
    retrying: [], // models that are asked again
    preview: null, // the file that is being prepared
    error: null, // { problem, retryAfter, again } of the whole request
    ready: {}, // picture name to { counts } once its maps are in the worker
    disputed: null, // shares of the picture: { boundary, region, all }
    usual: {}, // model to ms that its cold start and answer took, measured

    // How it is looked at.
    mode: "grid",
    layer: "labels",
    pair: ["photo", "photo"], // of slider and blink: picture names
    face: 1, // which of the pair blink shows
    playing: false,
    divider: 0.5,
    peek: false, // only the photo, while a key is held
    view: WHOLE, // x and y: the centre, as shares of the picture; scale: 1 when the whole is in view
    cursor: null, // { x, y } as shares of the picture
    pinned: false,
    region: null, // index in `comparison.agreement.disputed`
    hidden: [], // names of classes
    highlight: null, // name of a class
    opacity: 0.7,
    outline: false,
    palette: "cityscapes",
    threshold: 0, // 0 to 1
    tab: "differences", // of the panel
    open: false, // whether the tab is shown; on a phone it need not be
  };
}
