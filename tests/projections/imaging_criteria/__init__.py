"""Criteria over readings of images beside a slow oracle, and in whole columns."""
