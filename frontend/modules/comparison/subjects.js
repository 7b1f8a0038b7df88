// What a comparison can be of, in one form: how it is called, how large it is, where it lies, how models are asked.

export function sampleSubject(sample) {
  return {
    kind: "sample",
    id: sample.sha256,
    sample: sample.id,
    title: sample.title,
    about: sample.description,
    alt: sample.alt,
    width: sample.width,
    height: sample.height,
    address: sample.image,
    what: async () => ({ sample: sample.id }),
  };
}

/** A visitor's photo, prepared: see `prepare.js`. */
export function photoSubject({ image, width, height, id }) {
  return {
    kind: "photo",
    id,
    title: "Your photo",
    alt: "Your photo",
    width,
    height,
    address: null,
    image,
    sent: image.size,
    what: async () => ({ image }),
  };
}

/** A photo that somebody sent before, by its comparison document. */
export function linkSubject({ id, image, result_size: size }) {
  return {
    kind: "link",
    id,
    title: "A shared photo",
    alt: "A shared photo",
    width: size.width,
    height: size.height,
    address: image.href,
    sent: image.bytes,
    what: async () => ({ image: await (await fetch(image.href)).blob() }),
  };
}
