"""The whole system on one machine: `python -m local`.

An S3 stand-in, one Lambda runtime emulator for each model with the real runtime client, and the orchestrator with the
page under uvicorn. Everything listens on the loopback interface and ends with this process.
"""
