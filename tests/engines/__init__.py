"""Tests of the engines, with real workers that die or hang at a known point."""
