"""Wagtail's editor as creators meet it: blocks, rich text, pictures, autosave, the preview beside the form."""

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.journeys.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator


class Author(Person):
    """Somebody who writes in the admin. The selectors are what Wagtail calls things, in no language."""

    def adds(self, kind: str, *, field: str = "story") -> "Locator":
        """A block at the end of a stream; its kind by its English name."""
        stream = self.page.locator(f"[data-contentpath={field}]")
        children = stream.locator("[data-streamfield-child]")
        before = children.count()
        stream.locator("button.c-sf-add-button").last.click()
        self.page.get_by_role("option", name=self.word(kind), exact=True).click()
        children.nth(before).wait_for()
        return children.nth(before)

    def writes_into(self, block: "Locator", text: str) -> None:
        """Rich text, in the place of what was there."""
        editor = block.locator("[contenteditable=true]").first
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def chooses_a_new_picture(self, picture: Path, description: str) -> None:
        """Uploads one in the chooser's window."""
        self.page.locator("[data-contentpath=hero_image] [data-chooser-action-choose]").first.click()
        window = self.page.locator(".modal")
        window.get_by_role("tab", name=self.word("Upload")).click()
        window.locator("[name$='upload-title']").fill(picture.stem)
        window.locator("[name$='upload-file']").set_input_files(picture)
        window.locator("[name$='upload-description']").fill(description)
        window.locator("form button[type=submit]:visible, form input[type=submit]:visible").last.click()
        window.wait_for(state="hidden")

    def saves(self) -> None:
        """As a draft, once autosave has caught up."""
        self._lets_autosave_catch_up()
        self.page.locator("button.action-save, button[name='action-save'], .w-tabs ~ footer button").first.click()
        self.page.wait_for_load_state()
        self.is_untroubled()

    def publishes(self) -> None:
        """By the button in the menu beside "Save draft"."""
        self._lets_autosave_catch_up()
        self.page.locator("[name=action-publish]").first.evaluate("button => button.click()")
        self.page.locator(".messages .success").first.wait_for()
        self.is_untroubled()

    def sees_in_the_preview(self, text: str) -> None:
        """As readers will see it: from the panel beside the form, in a window of its own."""
        toggle = self.page.locator("[data-side-panel-toggle=preview]")
        if toggle.get_attribute("aria-expanded") == "false":
            toggle.click()
        self._lets_autosave_catch_up()
        with self.page.context.expect_page() as opened:
            self.page.locator("[data-w-preview-target=newTab]").click()
        preview = opened.value
        preview.get_by_text(text).first.wait_for()
        preview.close()

    def _lets_autosave_catch_up(self) -> None:
        # It saves half a second after the last key; a second request beside it would be refused.
        self.page.wait_for_timeout(1500)
        self.page.wait_for_load_state("networkidle")


def a_picture(folder: Path) -> Path:
    """Something to upload."""
    path = folder / "the-lamp.jpg"
    Image.linear_gradient("L").resize((1500, 1000)).convert("RGB").save(path, quality=80)
    return path
