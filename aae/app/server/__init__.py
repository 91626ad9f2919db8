"""Routes, files and middleware of the server; independent of the pages."""
