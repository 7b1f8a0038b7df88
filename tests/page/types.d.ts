// What the page's modules hold and hand to each other, for `tsc` alone: none of this is sent to a browser.
// The API's documents are those of docs/openapi.json, as far as the page reads them.

type Mode = "grid" | "slider" | "blink" | "disagreement" | "consensus";
type LayerName = "labels" | "confidence" | "errors";
type Place = "here" | "there";
type PhaseName = "starting" | "preparing" | "fetching" | "uploading" | "waiting" | "done" | "stopped";
type PictureName = string; // "photo", "truth", "disagreement", "consensus", or a model's name

interface Size {
  width: number;
  height: number;
}

interface Box extends Size {
  x: number;
  y: number;
}

/** A place in the picture, in shares of it. */
interface Point {
  x: number;
  y: number;
}

interface View extends Point {
  scale: number;
}

/** What is taken from outside: `limits` of `GET /v1/models`. */
interface Limits {
  formats: string[];
  max_upload_bytes: number;
  max_pixels: number;
  min_side: number;
  max_aspect: number;
  result_long_side: number;
  uploads_live_hours: number;
}

/** As of RFC 9457. */
interface Problem {
  type?: string; // of the API's
  title: string;
  detail: string;
  status?: number;
  request_id?: string;
}

/** Of a whole request. */
interface Failure {
  message?: string;
  problem?: Problem;
  retryAfter?: number | null; // seconds
  calm?: boolean; // good news, told in the same place
  again?: () => void;
}

interface LabelClass {
  name: string;
  title: string;
  colour: string;
}

/** A model's card, with its version. */
interface Card {
  name: string;
  title: string;
  // biome-ignore lint/suspicious/noExplicitAny: cards have a schema of their own, shared/contracts/card.schema.json
  [more: string]: any;
}

interface Sample extends Size {
  id: string;
  title: string;
  description: string;
  alt: string;
  shows: Record<string, number>; // share of the picture by class
  sha256: string;
  thumbnail: string;
  image: string;
  bytes: number;
}

interface Answer {
  status: "ok" | "running" | "failed";
  links: { labels: string; confidence: string; overlay: string } | null;
  classes: Record<string, number> | null;
  confidence: number | null;
  timings_ms: Record<string, number> | null;
  cold_start: boolean | null;
  init_ms: number | null;
  peak_memory_mb: number | null;
  memory_mb: number | null;
  billed_ms: number | null;
  cost_usd: number | null;
  computed_at: string | null;
  problem: Problem | null;
}

interface Region extends Box {
  share: number;
  answers: Record<string, string>;
}

interface Agreement {
  models: string[];
  all: number;
  pairs: { models: string[]; share: number }[];
  disputed: Region[];
}

/** Of a model, against the truth. */
interface Scores {
  miou: number | null;
  pixel_accuracy: number;
  classes: Record<string, number | null>;
}

interface Comparison {
  id: string;
  status: "running" | "done";
  place?: Place;
  image: { href: string | null; bytes: number };
  result_size: Size;
  sample: string | null;
  expires_at: string | null;
  models: Record<string, Answer>;
  price: { usd_per_gb_second: number; usd_per_request: number; source: string } | null; // here it costs nothing
  looks_like_street: number | null; // below 0.5: nothing that the networks know
  agreement: Agreement | null;
  chance_right: number | null;
  truth: { href: string; labelling: string; models: Record<string, Scores> } | null;
}

/** What a comparison is of. */
interface Subject extends Size {
  id: string | null; // null while only the server knows it
  title: string;
  image: Blob | string; // or where to fetch it
  file?: Blob; // that it was made of
  sent: number | undefined; // how many bytes left the device
  sample: string | undefined;
  local: boolean | undefined; // has not left the device
  bytes: number | undefined; // of a sample
  about?: string;
  alt?: string;
}

interface State {
  // Asked of the API once.
  known: Card[]; // every model
  models: Card[]; // those that run
  classes: LabelClass[];
  samples: Sample[];
  limits: Limits | null;

  // The comparison.
  subject: Subject | null;
  phase: PhaseName;
  place: Place;
  places: { here?: Comparison; there?: Comparison }; // the last of this picture in each
  began: number; // when the phase did, by performance.now()
  progress: number; // of what is sent or fetched, 0 to 1
  uploadMs: number | null;
  comparison: Comparison | null;
  retrying: string[]; // models that are asked again
  preview: Blob | null; // the file that is being prepared
  gone: string | null; // the id of the photo that was taken back last
  error: Failure | null;
  explain: (problem: Problem) => string; // with what to do about it, once the first has fetched that
  ready: Record<PictureName, { counts?: Uint32Array }>; // once a picture's maps are here; how many pixels are how sure
  disputed: { boundary: number; region: number; all: number } | null; // shares
  usual: Record<string, number>; // model to ms of its cold start and answer

  // How it is looked at; places are shares of the picture.
  mode: Mode;
  layer: LayerName;
  pair: PictureName[]; // of slider and blink
  face: number; // which of the pair blink shows
  playing: boolean;
  divider: number;
  peek: boolean; // the photo alone, while a key is held
  view: View;
  cursor: Point | null;
  pinned: boolean;
  region: number | null; // index in `comparison.agreement.disputed`
  hidden: string[]; // classes
  highlight: string | null; // a class
  opacity: number;
  outline: boolean;
  names: boolean;
  palette: string;
  threshold: number; // 0 to 1
  tab: string;
  open: boolean; // whether the tab is shown; on a phone it need not be
}

/** Of one model that has answered, for the verdict. */
interface ModelFigures {
  title: string;
  sure: number; // mean calibrated confidence
  same: Record<string, number>; // by other models' titles: share of the pixels on which they say the same
  tested: number | null; // the IoU to be expected by its card, the classes weighted as this photo has them
  ms: number; // the network alone
  usd: number | null; // a photo, without a cold start
  shares: Record<string, number>; // of the picture, by class
  right: number | null; // share of the pixels, where the truth is known
  iou: Record<string, number | null>;
}

interface Figures {
  classes: LabelClass[];
  mean: Record<string, number>; // of the models' shares, by class
  truth: Record<string, number> | null; // true shares by class, where they are known
  all: number | null; // share of the pixels on which all agree
  outliers: string[]; // titles of those that are no part of the verdict: they agree with none of the others
  street: boolean;
  failed: string[]; // titles
  running: string[];
  models: ModelFigures[];
}

interface Verdict {
  sentence: string;
  lines: { title: string; words: string }[];
  note: string | null; // whom it leaves out
}

type Keys = (keyof State)[];
type Listener = (state: State) => void;

/** A picture that lies on the photo, between two shares of the pane's width. */
interface Layer {
  picture: PictureName;
  from: number;
  to: number;
}

/** `model` is null where a pane shows something else. */
interface PaneContent {
  key: string;
  title: string;
  model: string | null;
  layers: Layer[];
}

interface LabelStyle {
  kind: "labels" | "consensus";
  names?: string[];
  colours: string[];
  shown: boolean[];
  highlight: number | null;
  outline: boolean;
  threshold: number;
  calm: boolean; // without the combs of unpooling
  detail: boolean; // the photo's, let through
}

/** How the worker is to paint a picture. */
type Style = LabelStyle | { kind: "confidence" | "errors" } | { kind: "dispute"; names: string[] };

/** A mode: its panes, and of a picture of what all models say together its words and how it is painted. */
interface ModeEntry {
  panes(state: State): PaneContent[];
  paired?: boolean; // two pictures that one chooses
  together?: boolean; // one picture of all models, which has no layers
  least?: number; // of answers that it takes
  summary?(state: State): string | false | null;
  style?(names: string[], labels: LabelStyle): Style | null;
}

type Store = import("../../frontend/modules/state.js").Store;
type Pixels = import("../../frontend/modules/pixels/client.js").Pixels;
type Comparisons = import("../../frontend/modules/comparison.js").Comparisons;
type Viewer = import("../../frontend/modules/viewer/viewer.js").Viewer;
