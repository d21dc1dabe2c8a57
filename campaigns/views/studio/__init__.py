"""The creator's studio: views of our own in the admin frame."""
