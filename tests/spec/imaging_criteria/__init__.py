"""Criteria over readings of images, as a protocol would state them."""
