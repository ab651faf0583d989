"""Where jobs run. Every engine takes jobs and gives back results as they are done, in any order."""
