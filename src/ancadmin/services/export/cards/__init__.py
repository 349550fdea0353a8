"""Membership cards: one, or those of a branch on sheets, and what a card's code is worth later."""
