"""Routes, files and middleware of the server; nothing here knows a page."""
