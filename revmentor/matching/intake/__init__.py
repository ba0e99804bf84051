"""How do tables become people with numbers, and what do these say before anything is solved?"""
