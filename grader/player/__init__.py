"""Everything that enters the sandbox, and nothing else: standard library only, no hidden test, no expected value.

A copy of this folder is all of the kit that student code can ever see (see `grader.sandbox.zygote`).
"""
