"""The Train page: the form, watching, steps by hand, and the feed of a job."""
