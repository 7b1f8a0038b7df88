"""How fast Tripane is, with all alternatives measured in one run: `make bench` writes docs/performance.md.

A part is a module with what it measures, `measure(budget)`, and how it is told, `section(found)`. Whatever is compared
takes turns, so that a machine that is slow for a while is slow for all of it; what is told is medians and their ratios.
"""
