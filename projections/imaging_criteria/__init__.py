"""Kernels of the criteria over readings of images: what is required of one reading, and of two, over whole columns."""
