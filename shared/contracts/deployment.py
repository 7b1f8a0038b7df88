"""What a deployment gives each function: memory, time, and the CPUs that Lambda allots to memory.

The system on one machine gives the same, so that what runs there runs on AWS.
"""

MODEL_MEMORY_MB = 3072
"""Unless an operator chooses another, by `modelMemoryMb`."""
MODEL_TIMEOUT_S = 60
MODEL_CPU_S = 30
"""CPU time that one photo may take, all threads together: several times what the largest needs."""
ORCHESTRATOR_MEMORY_MB = 1024
ORCHESTRATOR_TIMEOUT_S = 30
"""API Gateway waits no longer; the orchestrator's own deadline comes before."""


def cpus(memory_mb: int) -> float:
    """How many CPUs Lambda allots to a function of `memory_mb`: one for every 1769 MB."""
    return round(memory_mb / 1769, 2)
