"""From a photo's bytes to a label map: decode, preprocess, network, postprocess, encode. One file a step."""
