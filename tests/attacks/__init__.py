"""Submissions that attack the judge, and the runner that shows they get nowhere. See docs/threat-model.md."""
