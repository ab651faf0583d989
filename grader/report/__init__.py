"""Showing results: an HTML report for the class and each student, a summary for the terminal."""

from grader.report.html import write_report
from grader.report.terminal import render_plain, render_summary

__all__ = ["render_plain", "render_summary", "write_report"]
