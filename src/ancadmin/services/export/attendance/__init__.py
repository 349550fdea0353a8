"""After the meeting: who was there, held against the register it was held on."""
