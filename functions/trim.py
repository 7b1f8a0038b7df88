"""Drop what serving never loads from a site-packages folder, then byte-compile it: `python trim.py FOLDER`.

Runs while an image is built. What can be dropped was found by running every network and the API on the rest.
"""

from __future__ import annotations

import compileall
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

UNUSED = (
    "bin",
    "**/__pycache__",
    "**/*.pyi",
    # torch: its tests, headers and tools, and what compiles, exports, distributes or tunes networks
    "torch/include",
    "torch/share",
    "torch/test",
    "torch/bin/*",
    "torch/lib/libtorchbind_test.so",
    "torch/lib/libjitbackend_test.so",
    "torch/lib/libbackend_with_compiler.so",
    "torch/lib/libaoti_custom_ops.so",
    "torch/**/*.h",
    "torch/**/*.cuh",
    "torch/**/*.a",
    "torch/**/*.cpp",
    "torch/**/*.jinja",
    "torch/onnx",
    "torch/_inductor",
    "torch/_dynamo",
    "torch/testing/_internal/*/",
    "torch/testing/_internal/[!_]*.py",
    "torch/utils/benchmark",
    "torch/utils/hipify",
    "torch/utils/tensorboard",
    # ONNX Runtime: what quantizes, converts and demonstrates
    "onnxruntime/datasets",
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "onnxruntime/transformers",
    "onnxruntime/backend",
    "onnxruntime/ThirdPartyNotices.txt",
    "onnxruntime/capi/libonnxruntime_providers_shared.so",
    "numpy/**/tests",
    "numpy/**/*.a",
    "numpy/f2py",
    "numpy/_core/include",
    "boto3/examples",
    "pydantic/v1",  # fastapi tries to import it, to refuse what is made with it
)
USED = {"torch_shm_manager", "logging_tensor.py", "common_dtype.py"}  # by `import torch`, all three
# What imports run and serving has no use for: kernels for tensors without data, a quarter of `import torch`; docs.
EMPTIED = ("torch/_meta_registrations.py", "numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py")
SERVICES = {"s3", "lambda", "sts"}
# numpy's and Pillow's libraries were rewritten by auditwheel: stripped, the loader refuses them.
STRIPPABLE = ("torch/lib/libtorch_cpu.so", "torch/lib/libtorch_python.so")


def main(site: Path) -> None:
    """Trim `site`, and say what that saved."""
    before = size(site)
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            if path.name not in USED:
                remove(path)
    if (data := site / "botocore/data").exists():
        trim_services(data)
    for name in EMPTIED:
        if (site / name).exists():
            (site / name).write_text("")
    for name in STRIPPABLE:
        if (site / name).exists():
            subprocess.run(["strip", "--strip-unneeded", str(site / name)], check=True)
    # Lambda's root is read-only: what is not compiled here is compiled at every cold start.
    if not compileall.compile_dir(site, quiet=2, workers=0, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH):
        print("some files were not compiled")  # templates that are no Python, in some packages
    print(f"{site}: {before:.0f} MB, trimmed and compiled {size(site):.0f} MB")


def trim_services(data: Path) -> None:
    """Leave botocore what it reads of our services to make a client; reading the rest would take most of that time."""
    for path in data.glob("*/"):
        if path.name not in SERVICES:
            remove(path)
    for path in data.glob("*/*/*.json.gz"):
        model = json.loads(gzip.decompress(path.read_bytes()), object_hook=without_documentation)
        path.with_suffix("").write_text(json.dumps(model))
        remove(path)
    path = data / "endpoints.json"
    endpoints = json.loads(path.read_bytes())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: at for name, at in partition["services"].items() if name in SERVICES}
    path.write_text(json.dumps(endpoints))


def without_documentation(part: dict[str, Any]) -> dict[str, Any]:
    """A part of a service's model without its documentation; a member that is merely named so stays."""
    return {key: "" if key == "documentation" and isinstance(value, str) else value for key, value in part.items()}


def remove(path: Path) -> None:
    """Delete a file or folder, if an earlier pattern has not."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def size(folder: Path) -> float:
    """MB of the files in `folder`."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink()) / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
