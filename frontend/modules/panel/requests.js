// The comparison on show as commands that make it again.

/** @typedef {{origin: string, subject: {kind: string, id: string, sample?: string}}} Shown */

/** @returns {string} a curl command line, or two: a photo is fetched as it was sent, byte for byte, then posted */
export function curlOf({ origin, subject }) {
  if (subject.kind === "sample") return `curl -F sample=${subject.sample} ${origin}/v1/comparisons`;
  return [
    `curl -o photo.jpg ${origin}/v1/comparisons/${subject.id}/image`,
    `curl -F image=@photo.jpg ${origin}/v1/comparisons`,
  ].join("\n");
}

/** @returns {string} Python that needs only `requests` */
export function pythonOf({ origin, subject }) {
  const post =
    subject.kind === "sample"
      ? [`answer = requests.post(f"{API}/comparisons", data={"sample": "${subject.sample}"}, timeout=60)`]
      : [
          `photo = requests.get(f"{API}/comparisons/${subject.id}/image", timeout=60).content`,
          `answer = requests.post(f"{API}/comparisons", files={"image": ("photo.jpg", photo)}, timeout=60)`,
        ];
  // The API takes forms as multipart only; requests sends data alone in another way.
  const form = post.map((line) => line.replace(/data=\{"sample": ("\w+")\}/, 'files={"sample": (None, $1)}'));
  return [
    "import requests",
    "",
    `API = "${origin}/v1"`,
    ...form,
    "answer.raise_for_status()",
    'for name, model in answer.json()["models"].items():',
    '    print(name, model["status"], model["confidence"])',
    "",
  ].join("\n");
}
