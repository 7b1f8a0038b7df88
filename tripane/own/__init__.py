"""The user's own models: an ONNX file becomes a card and a network, and is then a model like any other."""
