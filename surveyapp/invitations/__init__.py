"""Invitations: issued as links and codes, redeemed on the start page."""
