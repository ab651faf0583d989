"""Tests of the scheduler, on a corpus of small programs, flawed and right."""
