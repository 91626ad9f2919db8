"""Addresses of the app's own routes, relative to the page."""

JOBS = "api/jobs/"  # of trainings, followed by a job's id
