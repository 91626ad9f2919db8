"""What the pages show of runs, and the widgets to choose it."""
