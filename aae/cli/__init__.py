"""The command line: one file a command, arguments and signals beside them."""
