"""Addresses of the app's own routes, relative to the page."""

JOBS = "api/jobs/"  # of trainings, followed by a job's id
STORY = "api/story/"  # what the scenes of Home show, followed by a scene's name
