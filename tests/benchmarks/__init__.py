"""Measurements quoted in docs/benchmarks.md. Not collected by pytest; run each as a module."""
