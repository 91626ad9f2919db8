"""What the browser is given, as aae/web/payload.js describes it."""
