"""Home: the story; as an earlier start has kept it, while the server imports what is shown beside it."""

from aae.app.browser.pad import pad
from aae.app.server import imports
from aae.app.views import story

if imports.are_done():
    from aae.app.views import home  # which imports torch: not before it is due

    home.show()
elif told := story.kept_payload():
    pad(told, key="story")
