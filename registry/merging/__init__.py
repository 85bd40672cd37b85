"""Two pseudonyms of one person become one patient, and two again."""
