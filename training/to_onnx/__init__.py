"""From a network and its weights to the ONNX file that is served: `python -m training.to_onnx --model enet`."""
