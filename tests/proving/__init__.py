"""Tests of what proves the judge right."""
