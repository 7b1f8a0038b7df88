"""The functions as the real container images: building them, and running them under the Lambda emulator."""
