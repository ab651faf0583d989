"""Running the public tests on a student's own machine: no sandbox, no judge, results as data."""
