"""The page on which participants tell how it goes, in a minute, on a phone."""
