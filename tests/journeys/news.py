"""What creators write to their backers: begun, previewed, published or scheduled."""

import re
from datetime import datetime

from tests.journeys.studio_forms import Author


class Newswriter(Author):
    """Somebody who writes updates about the campaign `key`."""

    key: str

    def opens_the_studio(self) -> None:
        """The overview of the newest campaign."""
        self.goes_to("/cms/studio/")
        self.page.locator("a[href*='/cms/studio/campaigns/']").first.click()
        self.page.wait_for_url(re.compile("/cms/studio/campaigns/"))
        found = re.search(r"/campaigns/([a-z0-9]+)/", self.page.url)
        assert found
        self.key = found[1]

    def writes_an_update(self, *, title: str, text: str, audience: str) -> None:
        """A draft in one's own language, looked at beside the form as readers will see it."""
        self.opens_the_studio()
        self.follows("Write an update")
        self.presses("Begin")
        self.page.locator("[name=title]").first.fill(title)
        self.page.select_option("[name=audience]", audience)
        self.writes_into(self.adds("Text", field="body"), text)
        self.sees_in_the_preview(text)

    def schedules_it(self, at: datetime) -> None:
        """It goes out by itself, at a time in UTC; until then it is a draft."""
        self.page.fill("[name=publish_at]", at.strftime("%Y-%m-%d %H:%M"))
        # The date picker opens a moment after the field has the focus, and then lies over the button
        # until one goes on elsewhere: who goes on before it is open leaves it open.
        picker = self.page.locator(".xdsoft_datetimepicker:visible")
        picker.wait_for()
        self.page.locator("[name=title]").first.click()
        picker.wait_for(state="hidden")
        self.saves()
        self.page.locator(".messages .success").first.wait_for()
