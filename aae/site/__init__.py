"""A site without a server: the pages whose answers come from the browser, as files that any web server serves."""
