"""From a photo's bytes to label maps: `segment` is the whole job, and each step has a file of its own.

What runs a network is an `Engine`; PyTorch is imported by `torch_engine` and `network` alone.
"""
