"""What is the best plan on listed pairs, and which prices prove it?"""
