"""Which of all pairs are worth more than given prices, without ever holding them all?"""
